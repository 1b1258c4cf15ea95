
// Generated from Invariants.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace weir::compiler::invariant_grammar {


class  InvariantsParser : public antlr4::Parser {
public:
  enum {
    DENY = 1, ALLOW = 2, FROM = 3, TO = 4, ON = 5, COMMA = 6, PARTY = 7, 
    PORT = 8, WORD = 9, NEWLINE = 10, SPACE = 11, COMMENT = 12, OTHER = 13
  };

  enum {
    RuleFile = 0, RuleLine = 1, RuleStatement = 2, RuleReach = 3, RuleClaim = 4, 
    RuleParty = 5, RulePort = 6
  };

  InvariantsParser(antlr4::TokenStream *input);
  ~InvariantsParser();

  virtual std::string getGrammarFileName() const override;
  virtual const antlr4::atn::ATN& getATN() const override { return _atn; };
  virtual const std::vector<std::string>& getTokenNames() const override { return _tokenNames; }; // deprecated: use vocabulary instead.
  virtual const std::vector<std::string>& getRuleNames() const override;
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;


  class FileContext;
  class LineContext;
  class StatementContext;
  class ReachContext;
  class ClaimContext;
  class PartyContext;
  class PortContext; 

  class  FileContext : public antlr4::ParserRuleContext {
  public:
    FileContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<LineContext *> line();
    LineContext* line(size_t i);
    antlr4::tree::TerminalNode *EOF();
    std::vector<antlr4::tree::TerminalNode *> NEWLINE();
    antlr4::tree::TerminalNode* NEWLINE(size_t i);

   
  };

  FileContext* file();

  class  LineContext : public antlr4::ParserRuleContext {
  public:
    LineContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    StatementContext *statement();

   
  };

  LineContext* line();

  class  StatementContext : public antlr4::ParserRuleContext {
  public:
    StatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ReachContext *reach();

   
  };

  StatementContext* statement();

  class  ReachContext : public antlr4::ParserRuleContext {
  public:
    InvariantsParser::PartyContext *source = nullptr;;
    InvariantsParser::PartyContext *destination = nullptr;;
    ReachContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ClaimContext *claim();
    antlr4::tree::TerminalNode *FROM();
    antlr4::tree::TerminalNode *TO();
    std::vector<PartyContext *> party();
    PartyContext* party(size_t i);
    antlr4::tree::TerminalNode *ON();
    std::vector<PortContext *> port();
    PortContext* port(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  ReachContext* reach();

  class  ClaimContext : public antlr4::ParserRuleContext {
  public:
    ClaimContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *DENY();
    antlr4::tree::TerminalNode *ALLOW();

   
  };

  ClaimContext* claim();

  class  PartyContext : public antlr4::ParserRuleContext {
  public:
    PartyContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PARTY();

   
  };

  PartyContext* party();

  class  PortContext : public antlr4::ParserRuleContext {
  public:
    PortContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PORT();
    antlr4::tree::TerminalNode *WORD();

   
  };

  PortContext* port();


private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace weir::compiler::invariant_grammar
