# Run by weir_embed: PAGES (a list of files) -> OUTPUT (C++ source). A raw string holds at most 65,536 bytes; a page is
# far below that.
set(text "#include \"cli/report/explain.h\"\n\nnamespace weir::cli {\n\nconst std::vector<EmbeddedPage>& embedded_pages() {\n")
string(APPEND text "  static const std::vector<EmbeddedPage> pages = {\n")
foreach(page ${PAGES})
  file(READ ${page} content)
  get_filename_component(name ${page} NAME_WE)
  string(APPEND text "      {\"${name}\", R\"weir_page(${content})weir_page\"},\n")
endforeach()
string(APPEND text "  };\n  return pages;\n}\n\n}  // namespace weir::cli\n")
file(WRITE ${OUTPUT} "${text}")
