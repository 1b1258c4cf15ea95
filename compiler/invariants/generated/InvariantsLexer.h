
// Generated from Invariants.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace weir::compiler::invariant_grammar {


class  InvariantsLexer : public antlr4::Lexer {
public:
  enum {
    DENY = 1, ALLOW = 2, FROM = 3, TO = 4, ON = 5, OR = 6, SET = 7, ONLY = 8, 
    MAY = 9, REACH = 10, ISOLATED = 11, EVERY = 12, POD = 13, IN = 14, HAS = 15, 
    INGRESS = 16, EGRESS = 17, POLICY = 18, EGRESS_BANDWIDTH = 19, OF = 20, 
    AT = 21, MOST = 22, ROUTE = 23, REACHES = 24, NO = 25, EXPOSES = 26, 
    EXCEPT = 27, BECAUSE = 28, UNTIL = 29, SEVERITY = 30, COMMA = 31, EQUALS = 32, 
    PARTY = 33, DATE = 34, PORT = 35, QUANTITY = 36, SERVICE = 37, WORD = 38, 
    STRING = 39, NEWLINE = 40, SPACE = 41, COMMENT = 42, OTHER = 43
  };

  InvariantsLexer(antlr4::CharStream *input);
  ~InvariantsLexer();

  virtual std::string getGrammarFileName() const override;
  virtual const std::vector<std::string>& getRuleNames() const override;

  virtual const std::vector<std::string>& getChannelNames() const override;
  virtual const std::vector<std::string>& getModeNames() const override;
  virtual const std::vector<std::string>& getTokenNames() const override; // deprecated, use vocabulary instead
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;

  virtual const std::vector<uint16_t> getSerializedATN() const override;
  virtual const antlr4::atn::ATN& getATN() const override;

private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;
  static std::vector<std::string> _channelNames;
  static std::vector<std::string> _modeNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  // Individual action functions triggered by action() above.

  // Individual semantic predicate functions triggered by sempred() above.

  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace weir::compiler::invariant_grammar
