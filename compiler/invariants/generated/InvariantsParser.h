
// Generated from Invariants.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace weir::compiler::invariant_grammar {


class  InvariantsParser : public antlr4::Parser {
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

  enum {
    RuleFile = 0, RuleLine = 1, RuleDefinition = 2, RuleStatement = 3, RuleReach = 4, 
    RuleClaim = 5, RuleOnly = 6, RuleIsolated = 7, RuleCovered = 8, RuleDirection = 9, 
    RuleBandwidth = 10, RuleServes = 11, RuleExposes = 12, RuleExempt = 13, 
    RuleQualifier = 14, RuleParties = 15, RuleParty = 16, RulePorts = 17, 
    RulePort = 18, RuleName = 19, RuleLevel = 20, RuleQuantity = 21, RuleUrl = 22, 
    RuleService = 23, RuleReason = 24, RuleDate = 25
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
  class DefinitionContext;
  class StatementContext;
  class ReachContext;
  class ClaimContext;
  class OnlyContext;
  class IsolatedContext;
  class CoveredContext;
  class DirectionContext;
  class BandwidthContext;
  class ServesContext;
  class ExposesContext;
  class ExemptContext;
  class QualifierContext;
  class PartiesContext;
  class PartyContext;
  class PortsContext;
  class PortContext;
  class NameContext;
  class LevelContext;
  class QuantityContext;
  class UrlContext;
  class ServiceContext;
  class ReasonContext;
  class DateContext; 

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
    DefinitionContext *definition();
    StatementContext *statement();
    ExemptContext *exempt();
    std::vector<QualifierContext *> qualifier();
    QualifierContext* qualifier(size_t i);

   
  };

  LineContext* line();

  class  DefinitionContext : public antlr4::ParserRuleContext {
  public:
    DefinitionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SET();
    NameContext *name();
    antlr4::tree::TerminalNode *EQUALS();
    PartiesContext *parties();

   
  };

  DefinitionContext* definition();

  class  StatementContext : public antlr4::ParserRuleContext {
  public:
    StatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ReachContext *reach();
    OnlyContext *only();
    IsolatedContext *isolated();
    CoveredContext *covered();
    BandwidthContext *bandwidth();
    ServesContext *serves();
    ExposesContext *exposes();

   
  };

  StatementContext* statement();

  class  ReachContext : public antlr4::ParserRuleContext {
  public:
    InvariantsParser::PartiesContext *source = nullptr;;
    InvariantsParser::PartiesContext *destination = nullptr;;
    ReachContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ClaimContext *claim();
    antlr4::tree::TerminalNode *FROM();
    antlr4::tree::TerminalNode *TO();
    std::vector<PartiesContext *> parties();
    PartiesContext* parties(size_t i);
    PortsContext *ports();

   
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

  class  OnlyContext : public antlr4::ParserRuleContext {
  public:
    InvariantsParser::PartiesContext *source = nullptr;;
    InvariantsParser::PartiesContext *destination = nullptr;;
    OnlyContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ONLY();
    antlr4::tree::TerminalNode *MAY();
    antlr4::tree::TerminalNode *REACH();
    std::vector<PartiesContext *> parties();
    PartiesContext* parties(size_t i);
    PortsContext *ports();

   
  };

  OnlyContext* only();

  class  IsolatedContext : public antlr4::ParserRuleContext {
  public:
    IsolatedContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ISOLATED();
    PartiesContext *parties();

   
  };

  IsolatedContext* isolated();

  class  CoveredContext : public antlr4::ParserRuleContext {
  public:
    CoveredContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EVERY();
    antlr4::tree::TerminalNode *POD();
    antlr4::tree::TerminalNode *IN();
    PartiesContext *parties();
    antlr4::tree::TerminalNode *HAS();
    DirectionContext *direction();
    antlr4::tree::TerminalNode *POLICY();

   
  };

  CoveredContext* covered();

  class  DirectionContext : public antlr4::ParserRuleContext {
  public:
    DirectionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *INGRESS();
    antlr4::tree::TerminalNode *EGRESS();

   
  };

  DirectionContext* direction();

  class  BandwidthContext : public antlr4::ParserRuleContext {
  public:
    BandwidthContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EGRESS_BANDWIDTH();
    antlr4::tree::TerminalNode *OF();
    PartiesContext *parties();
    antlr4::tree::TerminalNode *AT();
    antlr4::tree::TerminalNode *MOST();
    QuantityContext *quantity();

   
  };

  BandwidthContext* bandwidth();

  class  ServesContext : public antlr4::ParserRuleContext {
  public:
    ServesContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ROUTE();
    UrlContext *url();
    antlr4::tree::TerminalNode *REACHES();
    ServiceContext *service();

   
  };

  ServesContext* serves();

  class  ExposesContext : public antlr4::ParserRuleContext {
  public:
    ExposesContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *NO();
    antlr4::tree::TerminalNode *ROUTE();
    antlr4::tree::TerminalNode *EXPOSES();
    PartiesContext *parties();

   
  };

  ExposesContext* exposes();

  class  ExemptContext : public antlr4::ParserRuleContext {
  public:
    InvariantsParser::PartiesContext *source = nullptr;;
    InvariantsParser::PartiesContext *destination = nullptr;;
    InvariantsParser::PartiesContext *who = nullptr;;
    ExemptContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EXCEPT();
    antlr4::tree::TerminalNode *BECAUSE();
    ReasonContext *reason();
    antlr4::tree::TerminalNode *UNTIL();
    DateContext *date();
    antlr4::tree::TerminalNode *FROM();
    antlr4::tree::TerminalNode *TO();
    std::vector<PartiesContext *> parties();
    PartiesContext* parties(size_t i);
    PortsContext *ports();

   
  };

  ExemptContext* exempt();

  class  QualifierContext : public antlr4::ParserRuleContext {
  public:
    QualifierContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SEVERITY();
    LevelContext *level();
    antlr4::tree::TerminalNode *BECAUSE();
    ReasonContext *reason();

   
  };

  QualifierContext* qualifier();

  class  PartiesContext : public antlr4::ParserRuleContext {
  public:
    PartiesContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<PartyContext *> party();
    PartyContext* party(size_t i);
    std::vector<antlr4::tree::TerminalNode *> OR();
    antlr4::tree::TerminalNode* OR(size_t i);

   
  };

  PartiesContext* parties();

  class  PartyContext : public antlr4::ParserRuleContext {
  public:
    PartyContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PARTY();
    antlr4::tree::TerminalNode *WORD();

   
  };

  PartyContext* party();

  class  PortsContext : public antlr4::ParserRuleContext {
  public:
    PortsContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ON();
    std::vector<PortContext *> port();
    PortContext* port(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  PortsContext* ports();

  class  PortContext : public antlr4::ParserRuleContext {
  public:
    PortContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PORT();
    antlr4::tree::TerminalNode *WORD();

   
  };

  PortContext* port();

  class  NameContext : public antlr4::ParserRuleContext {
  public:
    NameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *WORD();

   
  };

  NameContext* name();

  class  LevelContext : public antlr4::ParserRuleContext {
  public:
    LevelContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *WORD();

   
  };

  LevelContext* level();

  class  QuantityContext : public antlr4::ParserRuleContext {
  public:
    QuantityContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *QUANTITY();
    antlr4::tree::TerminalNode *PORT();

   
  };

  QuantityContext* quantity();

  class  UrlContext : public antlr4::ParserRuleContext {
  public:
    UrlContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PARTY();

   
  };

  UrlContext* url();

  class  ServiceContext : public antlr4::ParserRuleContext {
  public:
    ServiceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SERVICE();

   
  };

  ServiceContext* service();

  class  ReasonContext : public antlr4::ParserRuleContext {
  public:
    ReasonContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *STRING();

   
  };

  ReasonContext* reason();

  class  DateContext : public antlr4::ParserRuleContext {
  public:
    DateContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *DATE();

   
  };

  DateContext* date();


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
