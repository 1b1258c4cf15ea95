
// Generated from Invariants.g4 by ANTLR 4.7.2



#include "InvariantsParser.h"


using namespace antlrcpp;
using namespace weir::compiler::invariant_grammar;
using namespace antlr4;

InvariantsParser::InvariantsParser(TokenStream *input) : Parser(input) {
  _interpreter = new atn::ParserATNSimulator(this, _atn, _decisionToDFA, _sharedContextCache);
}

InvariantsParser::~InvariantsParser() {
  delete _interpreter;
}

std::string InvariantsParser::getGrammarFileName() const {
  return "Invariants.g4";
}

const std::vector<std::string>& InvariantsParser::getRuleNames() const {
  return _ruleNames;
}

dfa::Vocabulary& InvariantsParser::getVocabulary() const {
  return _vocabulary;
}


//----------------- FileContext ------------------------------------------------------------------

InvariantsParser::FileContext::FileContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<InvariantsParser::LineContext *> InvariantsParser::FileContext::line() {
  return getRuleContexts<InvariantsParser::LineContext>();
}

InvariantsParser::LineContext* InvariantsParser::FileContext::line(size_t i) {
  return getRuleContext<InvariantsParser::LineContext>(i);
}

tree::TerminalNode* InvariantsParser::FileContext::EOF() {
  return getToken(InvariantsParser::EOF, 0);
}

std::vector<tree::TerminalNode *> InvariantsParser::FileContext::NEWLINE() {
  return getTokens(InvariantsParser::NEWLINE);
}

tree::TerminalNode* InvariantsParser::FileContext::NEWLINE(size_t i) {
  return getToken(InvariantsParser::NEWLINE, i);
}


size_t InvariantsParser::FileContext::getRuleIndex() const {
  return InvariantsParser::RuleFile;
}


InvariantsParser::FileContext* InvariantsParser::file() {
  FileContext *_localctx = _tracker.createInstance<FileContext>(_ctx, getState());
  enterRule(_localctx, 0, InvariantsParser::RuleFile);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(52);
    line();
    setState(57);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == InvariantsParser::NEWLINE) {
      setState(53);
      match(InvariantsParser::NEWLINE);
      setState(54);
      line();
      setState(59);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(60);
    match(InvariantsParser::EOF);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LineContext ------------------------------------------------------------------

InvariantsParser::LineContext::LineContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

InvariantsParser::DefinitionContext* InvariantsParser::LineContext::definition() {
  return getRuleContext<InvariantsParser::DefinitionContext>(0);
}

InvariantsParser::StatementContext* InvariantsParser::LineContext::statement() {
  return getRuleContext<InvariantsParser::StatementContext>(0);
}

InvariantsParser::ExemptContext* InvariantsParser::LineContext::exempt() {
  return getRuleContext<InvariantsParser::ExemptContext>(0);
}

std::vector<InvariantsParser::QualifierContext *> InvariantsParser::LineContext::qualifier() {
  return getRuleContexts<InvariantsParser::QualifierContext>();
}

InvariantsParser::QualifierContext* InvariantsParser::LineContext::qualifier(size_t i) {
  return getRuleContext<InvariantsParser::QualifierContext>(i);
}


size_t InvariantsParser::LineContext::getRuleIndex() const {
  return InvariantsParser::RuleLine;
}


InvariantsParser::LineContext* InvariantsParser::line() {
  LineContext *_localctx = _tracker.createInstance<LineContext>(_ctx, getState());
  enterRule(_localctx, 2, InvariantsParser::RuleLine);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(76);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case InvariantsParser::SET: {
        setState(62);
        definition();
        break;
      }

      case InvariantsParser::DENY:
      case InvariantsParser::ALLOW:
      case InvariantsParser::ONLY:
      case InvariantsParser::ISOLATED:
      case InvariantsParser::EVERY:
      case InvariantsParser::EGRESS_BANDWIDTH:
      case InvariantsParser::ROUTE:
      case InvariantsParser::NO: {
        setState(63);
        statement();
        setState(67);
        _errHandler->sync(this);
        _la = _input->LA(1);
        while (_la == InvariantsParser::BECAUSE

        || _la == InvariantsParser::SEVERITY) {
          setState(64);
          qualifier();
          setState(69);
          _errHandler->sync(this);
          _la = _input->LA(1);
        }
        break;
      }

      case InvariantsParser::EXCEPT: {
        setState(70);
        exempt();
        break;
      }

      case InvariantsParser::BECAUSE:
      case InvariantsParser::SEVERITY: {
        setState(72); 
        _errHandler->sync(this);
        _la = _input->LA(1);
        do {
          setState(71);
          qualifier();
          setState(74); 
          _errHandler->sync(this);
          _la = _input->LA(1);
        } while (_la == InvariantsParser::BECAUSE

        || _la == InvariantsParser::SEVERITY);
        break;
      }

      case InvariantsParser::EOF:
      case InvariantsParser::NEWLINE: {
        break;
      }

    default:
      break;
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DefinitionContext ------------------------------------------------------------------

InvariantsParser::DefinitionContext::DefinitionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::DefinitionContext::SET() {
  return getToken(InvariantsParser::SET, 0);
}

InvariantsParser::NameContext* InvariantsParser::DefinitionContext::name() {
  return getRuleContext<InvariantsParser::NameContext>(0);
}

tree::TerminalNode* InvariantsParser::DefinitionContext::EQUALS() {
  return getToken(InvariantsParser::EQUALS, 0);
}

InvariantsParser::PartiesContext* InvariantsParser::DefinitionContext::parties() {
  return getRuleContext<InvariantsParser::PartiesContext>(0);
}


size_t InvariantsParser::DefinitionContext::getRuleIndex() const {
  return InvariantsParser::RuleDefinition;
}


InvariantsParser::DefinitionContext* InvariantsParser::definition() {
  DefinitionContext *_localctx = _tracker.createInstance<DefinitionContext>(_ctx, getState());
  enterRule(_localctx, 4, InvariantsParser::RuleDefinition);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(78);
    match(InvariantsParser::SET);
    setState(79);
    name();
    setState(80);
    match(InvariantsParser::EQUALS);
    setState(81);
    parties();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- StatementContext ------------------------------------------------------------------

InvariantsParser::StatementContext::StatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

InvariantsParser::ReachContext* InvariantsParser::StatementContext::reach() {
  return getRuleContext<InvariantsParser::ReachContext>(0);
}

InvariantsParser::OnlyContext* InvariantsParser::StatementContext::only() {
  return getRuleContext<InvariantsParser::OnlyContext>(0);
}

InvariantsParser::IsolatedContext* InvariantsParser::StatementContext::isolated() {
  return getRuleContext<InvariantsParser::IsolatedContext>(0);
}

InvariantsParser::CoveredContext* InvariantsParser::StatementContext::covered() {
  return getRuleContext<InvariantsParser::CoveredContext>(0);
}

InvariantsParser::BandwidthContext* InvariantsParser::StatementContext::bandwidth() {
  return getRuleContext<InvariantsParser::BandwidthContext>(0);
}

InvariantsParser::ServesContext* InvariantsParser::StatementContext::serves() {
  return getRuleContext<InvariantsParser::ServesContext>(0);
}

InvariantsParser::ExposesContext* InvariantsParser::StatementContext::exposes() {
  return getRuleContext<InvariantsParser::ExposesContext>(0);
}


size_t InvariantsParser::StatementContext::getRuleIndex() const {
  return InvariantsParser::RuleStatement;
}


InvariantsParser::StatementContext* InvariantsParser::statement() {
  StatementContext *_localctx = _tracker.createInstance<StatementContext>(_ctx, getState());
  enterRule(_localctx, 6, InvariantsParser::RuleStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(90);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case InvariantsParser::DENY:
      case InvariantsParser::ALLOW: {
        enterOuterAlt(_localctx, 1);
        setState(83);
        reach();
        break;
      }

      case InvariantsParser::ONLY: {
        enterOuterAlt(_localctx, 2);
        setState(84);
        only();
        break;
      }

      case InvariantsParser::ISOLATED: {
        enterOuterAlt(_localctx, 3);
        setState(85);
        isolated();
        break;
      }

      case InvariantsParser::EVERY: {
        enterOuterAlt(_localctx, 4);
        setState(86);
        covered();
        break;
      }

      case InvariantsParser::EGRESS_BANDWIDTH: {
        enterOuterAlt(_localctx, 5);
        setState(87);
        bandwidth();
        break;
      }

      case InvariantsParser::ROUTE: {
        enterOuterAlt(_localctx, 6);
        setState(88);
        serves();
        break;
      }

      case InvariantsParser::NO: {
        enterOuterAlt(_localctx, 7);
        setState(89);
        exposes();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReachContext ------------------------------------------------------------------

InvariantsParser::ReachContext::ReachContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

InvariantsParser::ClaimContext* InvariantsParser::ReachContext::claim() {
  return getRuleContext<InvariantsParser::ClaimContext>(0);
}

tree::TerminalNode* InvariantsParser::ReachContext::FROM() {
  return getToken(InvariantsParser::FROM, 0);
}

tree::TerminalNode* InvariantsParser::ReachContext::TO() {
  return getToken(InvariantsParser::TO, 0);
}

std::vector<InvariantsParser::PartiesContext *> InvariantsParser::ReachContext::parties() {
  return getRuleContexts<InvariantsParser::PartiesContext>();
}

InvariantsParser::PartiesContext* InvariantsParser::ReachContext::parties(size_t i) {
  return getRuleContext<InvariantsParser::PartiesContext>(i);
}

InvariantsParser::PortsContext* InvariantsParser::ReachContext::ports() {
  return getRuleContext<InvariantsParser::PortsContext>(0);
}


size_t InvariantsParser::ReachContext::getRuleIndex() const {
  return InvariantsParser::RuleReach;
}


InvariantsParser::ReachContext* InvariantsParser::reach() {
  ReachContext *_localctx = _tracker.createInstance<ReachContext>(_ctx, getState());
  enterRule(_localctx, 8, InvariantsParser::RuleReach);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(92);
    claim();
    setState(93);
    match(InvariantsParser::FROM);
    setState(94);
    dynamic_cast<ReachContext *>(_localctx)->source = parties();
    setState(95);
    match(InvariantsParser::TO);
    setState(96);
    dynamic_cast<ReachContext *>(_localctx)->destination = parties();
    setState(98);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == InvariantsParser::ON) {
      setState(97);
      ports();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ClaimContext ------------------------------------------------------------------

InvariantsParser::ClaimContext::ClaimContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ClaimContext::DENY() {
  return getToken(InvariantsParser::DENY, 0);
}

tree::TerminalNode* InvariantsParser::ClaimContext::ALLOW() {
  return getToken(InvariantsParser::ALLOW, 0);
}


size_t InvariantsParser::ClaimContext::getRuleIndex() const {
  return InvariantsParser::RuleClaim;
}


InvariantsParser::ClaimContext* InvariantsParser::claim() {
  ClaimContext *_localctx = _tracker.createInstance<ClaimContext>(_ctx, getState());
  enterRule(_localctx, 10, InvariantsParser::RuleClaim);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(100);
    _la = _input->LA(1);
    if (!(_la == InvariantsParser::DENY

    || _la == InvariantsParser::ALLOW)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OnlyContext ------------------------------------------------------------------

InvariantsParser::OnlyContext::OnlyContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::OnlyContext::ONLY() {
  return getToken(InvariantsParser::ONLY, 0);
}

tree::TerminalNode* InvariantsParser::OnlyContext::MAY() {
  return getToken(InvariantsParser::MAY, 0);
}

tree::TerminalNode* InvariantsParser::OnlyContext::REACH() {
  return getToken(InvariantsParser::REACH, 0);
}

std::vector<InvariantsParser::PartiesContext *> InvariantsParser::OnlyContext::parties() {
  return getRuleContexts<InvariantsParser::PartiesContext>();
}

InvariantsParser::PartiesContext* InvariantsParser::OnlyContext::parties(size_t i) {
  return getRuleContext<InvariantsParser::PartiesContext>(i);
}

InvariantsParser::PortsContext* InvariantsParser::OnlyContext::ports() {
  return getRuleContext<InvariantsParser::PortsContext>(0);
}


size_t InvariantsParser::OnlyContext::getRuleIndex() const {
  return InvariantsParser::RuleOnly;
}


InvariantsParser::OnlyContext* InvariantsParser::only() {
  OnlyContext *_localctx = _tracker.createInstance<OnlyContext>(_ctx, getState());
  enterRule(_localctx, 12, InvariantsParser::RuleOnly);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(102);
    match(InvariantsParser::ONLY);
    setState(103);
    dynamic_cast<OnlyContext *>(_localctx)->source = parties();
    setState(104);
    match(InvariantsParser::MAY);
    setState(105);
    match(InvariantsParser::REACH);
    setState(106);
    dynamic_cast<OnlyContext *>(_localctx)->destination = parties();
    setState(108);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == InvariantsParser::ON) {
      setState(107);
      ports();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- IsolatedContext ------------------------------------------------------------------

InvariantsParser::IsolatedContext::IsolatedContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::IsolatedContext::ISOLATED() {
  return getToken(InvariantsParser::ISOLATED, 0);
}

InvariantsParser::PartiesContext* InvariantsParser::IsolatedContext::parties() {
  return getRuleContext<InvariantsParser::PartiesContext>(0);
}


size_t InvariantsParser::IsolatedContext::getRuleIndex() const {
  return InvariantsParser::RuleIsolated;
}


InvariantsParser::IsolatedContext* InvariantsParser::isolated() {
  IsolatedContext *_localctx = _tracker.createInstance<IsolatedContext>(_ctx, getState());
  enterRule(_localctx, 14, InvariantsParser::RuleIsolated);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(110);
    match(InvariantsParser::ISOLATED);
    setState(111);
    parties();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- CoveredContext ------------------------------------------------------------------

InvariantsParser::CoveredContext::CoveredContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::CoveredContext::EVERY() {
  return getToken(InvariantsParser::EVERY, 0);
}

tree::TerminalNode* InvariantsParser::CoveredContext::POD() {
  return getToken(InvariantsParser::POD, 0);
}

tree::TerminalNode* InvariantsParser::CoveredContext::IN() {
  return getToken(InvariantsParser::IN, 0);
}

InvariantsParser::PartiesContext* InvariantsParser::CoveredContext::parties() {
  return getRuleContext<InvariantsParser::PartiesContext>(0);
}

tree::TerminalNode* InvariantsParser::CoveredContext::HAS() {
  return getToken(InvariantsParser::HAS, 0);
}

InvariantsParser::DirectionContext* InvariantsParser::CoveredContext::direction() {
  return getRuleContext<InvariantsParser::DirectionContext>(0);
}

tree::TerminalNode* InvariantsParser::CoveredContext::POLICY() {
  return getToken(InvariantsParser::POLICY, 0);
}


size_t InvariantsParser::CoveredContext::getRuleIndex() const {
  return InvariantsParser::RuleCovered;
}


InvariantsParser::CoveredContext* InvariantsParser::covered() {
  CoveredContext *_localctx = _tracker.createInstance<CoveredContext>(_ctx, getState());
  enterRule(_localctx, 16, InvariantsParser::RuleCovered);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(113);
    match(InvariantsParser::EVERY);
    setState(114);
    match(InvariantsParser::POD);
    setState(115);
    match(InvariantsParser::IN);
    setState(116);
    parties();
    setState(117);
    match(InvariantsParser::HAS);
    setState(118);
    direction();
    setState(119);
    match(InvariantsParser::POLICY);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DirectionContext ------------------------------------------------------------------

InvariantsParser::DirectionContext::DirectionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::DirectionContext::INGRESS() {
  return getToken(InvariantsParser::INGRESS, 0);
}

tree::TerminalNode* InvariantsParser::DirectionContext::EGRESS() {
  return getToken(InvariantsParser::EGRESS, 0);
}


size_t InvariantsParser::DirectionContext::getRuleIndex() const {
  return InvariantsParser::RuleDirection;
}


InvariantsParser::DirectionContext* InvariantsParser::direction() {
  DirectionContext *_localctx = _tracker.createInstance<DirectionContext>(_ctx, getState());
  enterRule(_localctx, 18, InvariantsParser::RuleDirection);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(121);
    _la = _input->LA(1);
    if (!(_la == InvariantsParser::INGRESS

    || _la == InvariantsParser::EGRESS)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- BandwidthContext ------------------------------------------------------------------

InvariantsParser::BandwidthContext::BandwidthContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::BandwidthContext::EGRESS_BANDWIDTH() {
  return getToken(InvariantsParser::EGRESS_BANDWIDTH, 0);
}

tree::TerminalNode* InvariantsParser::BandwidthContext::OF() {
  return getToken(InvariantsParser::OF, 0);
}

InvariantsParser::PartiesContext* InvariantsParser::BandwidthContext::parties() {
  return getRuleContext<InvariantsParser::PartiesContext>(0);
}

tree::TerminalNode* InvariantsParser::BandwidthContext::AT() {
  return getToken(InvariantsParser::AT, 0);
}

tree::TerminalNode* InvariantsParser::BandwidthContext::MOST() {
  return getToken(InvariantsParser::MOST, 0);
}

InvariantsParser::QuantityContext* InvariantsParser::BandwidthContext::quantity() {
  return getRuleContext<InvariantsParser::QuantityContext>(0);
}


size_t InvariantsParser::BandwidthContext::getRuleIndex() const {
  return InvariantsParser::RuleBandwidth;
}


InvariantsParser::BandwidthContext* InvariantsParser::bandwidth() {
  BandwidthContext *_localctx = _tracker.createInstance<BandwidthContext>(_ctx, getState());
  enterRule(_localctx, 20, InvariantsParser::RuleBandwidth);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(123);
    match(InvariantsParser::EGRESS_BANDWIDTH);
    setState(124);
    match(InvariantsParser::OF);
    setState(125);
    parties();
    setState(126);
    match(InvariantsParser::AT);
    setState(127);
    match(InvariantsParser::MOST);
    setState(128);
    quantity();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ServesContext ------------------------------------------------------------------

InvariantsParser::ServesContext::ServesContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ServesContext::ROUTE() {
  return getToken(InvariantsParser::ROUTE, 0);
}

InvariantsParser::UrlContext* InvariantsParser::ServesContext::url() {
  return getRuleContext<InvariantsParser::UrlContext>(0);
}

tree::TerminalNode* InvariantsParser::ServesContext::REACHES() {
  return getToken(InvariantsParser::REACHES, 0);
}

InvariantsParser::ServiceContext* InvariantsParser::ServesContext::service() {
  return getRuleContext<InvariantsParser::ServiceContext>(0);
}


size_t InvariantsParser::ServesContext::getRuleIndex() const {
  return InvariantsParser::RuleServes;
}


InvariantsParser::ServesContext* InvariantsParser::serves() {
  ServesContext *_localctx = _tracker.createInstance<ServesContext>(_ctx, getState());
  enterRule(_localctx, 22, InvariantsParser::RuleServes);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(130);
    match(InvariantsParser::ROUTE);
    setState(131);
    url();
    setState(132);
    match(InvariantsParser::REACHES);
    setState(133);
    service();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ExposesContext ------------------------------------------------------------------

InvariantsParser::ExposesContext::ExposesContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ExposesContext::NO() {
  return getToken(InvariantsParser::NO, 0);
}

tree::TerminalNode* InvariantsParser::ExposesContext::ROUTE() {
  return getToken(InvariantsParser::ROUTE, 0);
}

tree::TerminalNode* InvariantsParser::ExposesContext::EXPOSES() {
  return getToken(InvariantsParser::EXPOSES, 0);
}

InvariantsParser::PartiesContext* InvariantsParser::ExposesContext::parties() {
  return getRuleContext<InvariantsParser::PartiesContext>(0);
}


size_t InvariantsParser::ExposesContext::getRuleIndex() const {
  return InvariantsParser::RuleExposes;
}


InvariantsParser::ExposesContext* InvariantsParser::exposes() {
  ExposesContext *_localctx = _tracker.createInstance<ExposesContext>(_ctx, getState());
  enterRule(_localctx, 24, InvariantsParser::RuleExposes);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(135);
    match(InvariantsParser::NO);
    setState(136);
    match(InvariantsParser::ROUTE);
    setState(137);
    match(InvariantsParser::EXPOSES);
    setState(138);
    parties();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ExemptContext ------------------------------------------------------------------

InvariantsParser::ExemptContext::ExemptContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ExemptContext::EXCEPT() {
  return getToken(InvariantsParser::EXCEPT, 0);
}

tree::TerminalNode* InvariantsParser::ExemptContext::BECAUSE() {
  return getToken(InvariantsParser::BECAUSE, 0);
}

InvariantsParser::ReasonContext* InvariantsParser::ExemptContext::reason() {
  return getRuleContext<InvariantsParser::ReasonContext>(0);
}

tree::TerminalNode* InvariantsParser::ExemptContext::UNTIL() {
  return getToken(InvariantsParser::UNTIL, 0);
}

InvariantsParser::DateContext* InvariantsParser::ExemptContext::date() {
  return getRuleContext<InvariantsParser::DateContext>(0);
}

tree::TerminalNode* InvariantsParser::ExemptContext::FROM() {
  return getToken(InvariantsParser::FROM, 0);
}

tree::TerminalNode* InvariantsParser::ExemptContext::TO() {
  return getToken(InvariantsParser::TO, 0);
}

std::vector<InvariantsParser::PartiesContext *> InvariantsParser::ExemptContext::parties() {
  return getRuleContexts<InvariantsParser::PartiesContext>();
}

InvariantsParser::PartiesContext* InvariantsParser::ExemptContext::parties(size_t i) {
  return getRuleContext<InvariantsParser::PartiesContext>(i);
}

InvariantsParser::PortsContext* InvariantsParser::ExemptContext::ports() {
  return getRuleContext<InvariantsParser::PortsContext>(0);
}


size_t InvariantsParser::ExemptContext::getRuleIndex() const {
  return InvariantsParser::RuleExempt;
}


InvariantsParser::ExemptContext* InvariantsParser::exempt() {
  ExemptContext *_localctx = _tracker.createInstance<ExemptContext>(_ctx, getState());
  enterRule(_localctx, 26, InvariantsParser::RuleExempt);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(140);
    match(InvariantsParser::EXCEPT);
    setState(149);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case InvariantsParser::FROM: {
        setState(141);
        match(InvariantsParser::FROM);
        setState(142);
        dynamic_cast<ExemptContext *>(_localctx)->source = parties();
        setState(143);
        match(InvariantsParser::TO);
        setState(144);
        dynamic_cast<ExemptContext *>(_localctx)->destination = parties();
        setState(146);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == InvariantsParser::ON) {
          setState(145);
          ports();
        }
        break;
      }

      case InvariantsParser::PARTY:
      case InvariantsParser::WORD: {
        setState(148);
        dynamic_cast<ExemptContext *>(_localctx)->who = parties();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    setState(151);
    match(InvariantsParser::BECAUSE);
    setState(152);
    reason();
    setState(153);
    match(InvariantsParser::UNTIL);
    setState(154);
    date();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- QualifierContext ------------------------------------------------------------------

InvariantsParser::QualifierContext::QualifierContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::QualifierContext::SEVERITY() {
  return getToken(InvariantsParser::SEVERITY, 0);
}

InvariantsParser::LevelContext* InvariantsParser::QualifierContext::level() {
  return getRuleContext<InvariantsParser::LevelContext>(0);
}

tree::TerminalNode* InvariantsParser::QualifierContext::BECAUSE() {
  return getToken(InvariantsParser::BECAUSE, 0);
}

InvariantsParser::ReasonContext* InvariantsParser::QualifierContext::reason() {
  return getRuleContext<InvariantsParser::ReasonContext>(0);
}


size_t InvariantsParser::QualifierContext::getRuleIndex() const {
  return InvariantsParser::RuleQualifier;
}


InvariantsParser::QualifierContext* InvariantsParser::qualifier() {
  QualifierContext *_localctx = _tracker.createInstance<QualifierContext>(_ctx, getState());
  enterRule(_localctx, 28, InvariantsParser::RuleQualifier);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(160);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case InvariantsParser::SEVERITY: {
        enterOuterAlt(_localctx, 1);
        setState(156);
        match(InvariantsParser::SEVERITY);
        setState(157);
        level();
        break;
      }

      case InvariantsParser::BECAUSE: {
        enterOuterAlt(_localctx, 2);
        setState(158);
        match(InvariantsParser::BECAUSE);
        setState(159);
        reason();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PartiesContext ------------------------------------------------------------------

InvariantsParser::PartiesContext::PartiesContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<InvariantsParser::PartyContext *> InvariantsParser::PartiesContext::party() {
  return getRuleContexts<InvariantsParser::PartyContext>();
}

InvariantsParser::PartyContext* InvariantsParser::PartiesContext::party(size_t i) {
  return getRuleContext<InvariantsParser::PartyContext>(i);
}

std::vector<tree::TerminalNode *> InvariantsParser::PartiesContext::OR() {
  return getTokens(InvariantsParser::OR);
}

tree::TerminalNode* InvariantsParser::PartiesContext::OR(size_t i) {
  return getToken(InvariantsParser::OR, i);
}


size_t InvariantsParser::PartiesContext::getRuleIndex() const {
  return InvariantsParser::RuleParties;
}


InvariantsParser::PartiesContext* InvariantsParser::parties() {
  PartiesContext *_localctx = _tracker.createInstance<PartiesContext>(_ctx, getState());
  enterRule(_localctx, 30, InvariantsParser::RuleParties);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(162);
    party();
    setState(167);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == InvariantsParser::OR) {
      setState(163);
      match(InvariantsParser::OR);
      setState(164);
      party();
      setState(169);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PartyContext ------------------------------------------------------------------

InvariantsParser::PartyContext::PartyContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::PartyContext::PARTY() {
  return getToken(InvariantsParser::PARTY, 0);
}

tree::TerminalNode* InvariantsParser::PartyContext::WORD() {
  return getToken(InvariantsParser::WORD, 0);
}


size_t InvariantsParser::PartyContext::getRuleIndex() const {
  return InvariantsParser::RuleParty;
}


InvariantsParser::PartyContext* InvariantsParser::party() {
  PartyContext *_localctx = _tracker.createInstance<PartyContext>(_ctx, getState());
  enterRule(_localctx, 32, InvariantsParser::RuleParty);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(170);
    _la = _input->LA(1);
    if (!(_la == InvariantsParser::PARTY

    || _la == InvariantsParser::WORD)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PortsContext ------------------------------------------------------------------

InvariantsParser::PortsContext::PortsContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::PortsContext::ON() {
  return getToken(InvariantsParser::ON, 0);
}

std::vector<InvariantsParser::PortContext *> InvariantsParser::PortsContext::port() {
  return getRuleContexts<InvariantsParser::PortContext>();
}

InvariantsParser::PortContext* InvariantsParser::PortsContext::port(size_t i) {
  return getRuleContext<InvariantsParser::PortContext>(i);
}

std::vector<tree::TerminalNode *> InvariantsParser::PortsContext::COMMA() {
  return getTokens(InvariantsParser::COMMA);
}

tree::TerminalNode* InvariantsParser::PortsContext::COMMA(size_t i) {
  return getToken(InvariantsParser::COMMA, i);
}


size_t InvariantsParser::PortsContext::getRuleIndex() const {
  return InvariantsParser::RulePorts;
}


InvariantsParser::PortsContext* InvariantsParser::ports() {
  PortsContext *_localctx = _tracker.createInstance<PortsContext>(_ctx, getState());
  enterRule(_localctx, 34, InvariantsParser::RulePorts);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(172);
    match(InvariantsParser::ON);
    setState(173);
    port();
    setState(178);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == InvariantsParser::COMMA) {
      setState(174);
      match(InvariantsParser::COMMA);
      setState(175);
      port();
      setState(180);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PortContext ------------------------------------------------------------------

InvariantsParser::PortContext::PortContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::PortContext::PORT() {
  return getToken(InvariantsParser::PORT, 0);
}

tree::TerminalNode* InvariantsParser::PortContext::WORD() {
  return getToken(InvariantsParser::WORD, 0);
}


size_t InvariantsParser::PortContext::getRuleIndex() const {
  return InvariantsParser::RulePort;
}


InvariantsParser::PortContext* InvariantsParser::port() {
  PortContext *_localctx = _tracker.createInstance<PortContext>(_ctx, getState());
  enterRule(_localctx, 36, InvariantsParser::RulePort);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(181);
    _la = _input->LA(1);
    if (!(_la == InvariantsParser::PORT

    || _la == InvariantsParser::WORD)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NameContext ------------------------------------------------------------------

InvariantsParser::NameContext::NameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::NameContext::WORD() {
  return getToken(InvariantsParser::WORD, 0);
}


size_t InvariantsParser::NameContext::getRuleIndex() const {
  return InvariantsParser::RuleName;
}


InvariantsParser::NameContext* InvariantsParser::name() {
  NameContext *_localctx = _tracker.createInstance<NameContext>(_ctx, getState());
  enterRule(_localctx, 38, InvariantsParser::RuleName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(183);
    match(InvariantsParser::WORD);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LevelContext ------------------------------------------------------------------

InvariantsParser::LevelContext::LevelContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::LevelContext::WORD() {
  return getToken(InvariantsParser::WORD, 0);
}


size_t InvariantsParser::LevelContext::getRuleIndex() const {
  return InvariantsParser::RuleLevel;
}


InvariantsParser::LevelContext* InvariantsParser::level() {
  LevelContext *_localctx = _tracker.createInstance<LevelContext>(_ctx, getState());
  enterRule(_localctx, 40, InvariantsParser::RuleLevel);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(185);
    match(InvariantsParser::WORD);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- QuantityContext ------------------------------------------------------------------

InvariantsParser::QuantityContext::QuantityContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::QuantityContext::QUANTITY() {
  return getToken(InvariantsParser::QUANTITY, 0);
}

tree::TerminalNode* InvariantsParser::QuantityContext::PORT() {
  return getToken(InvariantsParser::PORT, 0);
}


size_t InvariantsParser::QuantityContext::getRuleIndex() const {
  return InvariantsParser::RuleQuantity;
}


InvariantsParser::QuantityContext* InvariantsParser::quantity() {
  QuantityContext *_localctx = _tracker.createInstance<QuantityContext>(_ctx, getState());
  enterRule(_localctx, 42, InvariantsParser::RuleQuantity);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(187);
    _la = _input->LA(1);
    if (!(_la == InvariantsParser::PORT

    || _la == InvariantsParser::QUANTITY)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- UrlContext ------------------------------------------------------------------

InvariantsParser::UrlContext::UrlContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::UrlContext::PARTY() {
  return getToken(InvariantsParser::PARTY, 0);
}


size_t InvariantsParser::UrlContext::getRuleIndex() const {
  return InvariantsParser::RuleUrl;
}


InvariantsParser::UrlContext* InvariantsParser::url() {
  UrlContext *_localctx = _tracker.createInstance<UrlContext>(_ctx, getState());
  enterRule(_localctx, 44, InvariantsParser::RuleUrl);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(189);
    match(InvariantsParser::PARTY);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ServiceContext ------------------------------------------------------------------

InvariantsParser::ServiceContext::ServiceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ServiceContext::SERVICE() {
  return getToken(InvariantsParser::SERVICE, 0);
}


size_t InvariantsParser::ServiceContext::getRuleIndex() const {
  return InvariantsParser::RuleService;
}


InvariantsParser::ServiceContext* InvariantsParser::service() {
  ServiceContext *_localctx = _tracker.createInstance<ServiceContext>(_ctx, getState());
  enterRule(_localctx, 46, InvariantsParser::RuleService);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(191);
    match(InvariantsParser::SERVICE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReasonContext ------------------------------------------------------------------

InvariantsParser::ReasonContext::ReasonContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::ReasonContext::STRING() {
  return getToken(InvariantsParser::STRING, 0);
}


size_t InvariantsParser::ReasonContext::getRuleIndex() const {
  return InvariantsParser::RuleReason;
}


InvariantsParser::ReasonContext* InvariantsParser::reason() {
  ReasonContext *_localctx = _tracker.createInstance<ReasonContext>(_ctx, getState());
  enterRule(_localctx, 48, InvariantsParser::RuleReason);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(193);
    match(InvariantsParser::STRING);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DateContext ------------------------------------------------------------------

InvariantsParser::DateContext::DateContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::DateContext::DATE() {
  return getToken(InvariantsParser::DATE, 0);
}


size_t InvariantsParser::DateContext::getRuleIndex() const {
  return InvariantsParser::RuleDate;
}


InvariantsParser::DateContext* InvariantsParser::date() {
  DateContext *_localctx = _tracker.createInstance<DateContext>(_ctx, getState());
  enterRule(_localctx, 50, InvariantsParser::RuleDate);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(195);
    match(InvariantsParser::DATE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

// Static vars and initialization.
std::vector<dfa::DFA> InvariantsParser::_decisionToDFA;
atn::PredictionContextCache InvariantsParser::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN InvariantsParser::_atn;
std::vector<uint16_t> InvariantsParser::_serializedATN;

std::vector<std::string> InvariantsParser::_ruleNames = {
  "file", "line", "definition", "statement", "reach", "claim", "only", "isolated", 
  "covered", "direction", "bandwidth", "serves", "exposes", "exempt", "qualifier", 
  "parties", "party", "ports", "port", "name", "level", "quantity", "url", 
  "service", "reason", "date"
};

std::vector<std::string> InvariantsParser::_literalNames = {
  "", "'deny'", "'allow'", "'from'", "'to'", "'on'", "'or'", "'set'", "'only'", 
  "'may'", "'reach'", "'isolated'", "'every'", "'pod'", "'in'", "'has'", 
  "'ingress'", "'egress'", "'policy'", "'egress-bandwidth'", "'of'", "'at'", 
  "'most'", "'route'", "'reaches'", "'no'", "'exposes'", "'except'", "'because'", 
  "'until'", "'severity'", "','", "'='"
};

std::vector<std::string> InvariantsParser::_symbolicNames = {
  "", "DENY", "ALLOW", "FROM", "TO", "ON", "OR", "SET", "ONLY", "MAY", "REACH", 
  "ISOLATED", "EVERY", "POD", "IN", "HAS", "INGRESS", "EGRESS", "POLICY", 
  "EGRESS_BANDWIDTH", "OF", "AT", "MOST", "ROUTE", "REACHES", "NO", "EXPOSES", 
  "EXCEPT", "BECAUSE", "UNTIL", "SEVERITY", "COMMA", "EQUALS", "PARTY", 
  "DATE", "PORT", "QUANTITY", "SERVICE", "WORD", "STRING", "NEWLINE", "SPACE", 
  "COMMENT", "OTHER"
};

dfa::Vocabulary InvariantsParser::_vocabulary(_literalNames, _symbolicNames);

std::vector<std::string> InvariantsParser::_tokenNames;

InvariantsParser::Initializer::Initializer() {
	for (size_t i = 0; i < _symbolicNames.size(); ++i) {
		std::string name = _vocabulary.getLiteralName(i);
		if (name.empty()) {
			name = _vocabulary.getSymbolicName(i);
		}

		if (name.empty()) {
			_tokenNames.push_back("<INVALID>");
		} else {
      _tokenNames.push_back(name);
    }
	}

  _serializedATN = {
    0x3, 0x608b, 0xa72a, 0x8133, 0xb9ed, 0x417c, 0x3be7, 0x7786, 0x5964, 
    0x3, 0x2d, 0xc8, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 0x9, 
    0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 0x4, 
    0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 0x9, 
    0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 0x4, 
    0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x4, 0x11, 0x9, 0x11, 0x4, 0x12, 
    0x9, 0x12, 0x4, 0x13, 0x9, 0x13, 0x4, 0x14, 0x9, 0x14, 0x4, 0x15, 0x9, 
    0x15, 0x4, 0x16, 0x9, 0x16, 0x4, 0x17, 0x9, 0x17, 0x4, 0x18, 0x9, 0x18, 
    0x4, 0x19, 0x9, 0x19, 0x4, 0x1a, 0x9, 0x1a, 0x4, 0x1b, 0x9, 0x1b, 0x3, 
    0x2, 0x3, 0x2, 0x3, 0x2, 0x7, 0x2, 0x3a, 0xa, 0x2, 0xc, 0x2, 0xe, 0x2, 
    0x3d, 0xb, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x7, 
    0x3, 0x44, 0xa, 0x3, 0xc, 0x3, 0xe, 0x3, 0x47, 0xb, 0x3, 0x3, 0x3, 0x3, 
    0x3, 0x6, 0x3, 0x4b, 0xa, 0x3, 0xd, 0x3, 0xe, 0x3, 0x4c, 0x5, 0x3, 0x4f, 
    0xa, 0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 
    0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x5, 0x5, 
    0x5d, 0xa, 0x5, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 
    0x6, 0x5, 0x6, 0x65, 0xa, 0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 0x8, 0x3, 0x8, 
    0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x5, 0x8, 0x6f, 0xa, 0x8, 0x3, 
    0x9, 0x3, 0x9, 0x3, 0x9, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 
    0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 0xb, 0x3, 0xb, 0x3, 0xc, 0x3, 
    0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xd, 0x3, 
    0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 
    0xe, 0x3, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 
    0xf, 0x5, 0xf, 0x95, 0xa, 0xf, 0x3, 0xf, 0x5, 0xf, 0x98, 0xa, 0xf, 0x3, 
    0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0x10, 0x3, 0x10, 0x3, 
    0x10, 0x3, 0x10, 0x5, 0x10, 0xa3, 0xa, 0x10, 0x3, 0x11, 0x3, 0x11, 0x3, 
    0x11, 0x7, 0x11, 0xa8, 0xa, 0x11, 0xc, 0x11, 0xe, 0x11, 0xab, 0xb, 0x11, 
    0x3, 0x12, 0x3, 0x12, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x7, 
    0x13, 0xb3, 0xa, 0x13, 0xc, 0x13, 0xe, 0x13, 0xb6, 0xb, 0x13, 0x3, 0x14, 
    0x3, 0x14, 0x3, 0x15, 0x3, 0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x18, 0x3, 0x18, 0x3, 0x19, 0x3, 0x19, 0x3, 0x1a, 0x3, 0x1a, 
    0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 0x2, 0x2, 0x1c, 0x2, 0x4, 0x6, 0x8, 
    0xa, 0xc, 0xe, 0x10, 0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 
    0x22, 0x24, 0x26, 0x28, 0x2a, 0x2c, 0x2e, 0x30, 0x32, 0x34, 0x2, 0x7, 
    0x3, 0x2, 0x3, 0x4, 0x3, 0x2, 0x12, 0x13, 0x4, 0x2, 0x23, 0x23, 0x28, 
    0x28, 0x4, 0x2, 0x25, 0x25, 0x28, 0x28, 0x3, 0x2, 0x25, 0x26, 0x2, 0xc1, 
    0x2, 0x36, 0x3, 0x2, 0x2, 0x2, 0x4, 0x4e, 0x3, 0x2, 0x2, 0x2, 0x6, 0x50, 
    0x3, 0x2, 0x2, 0x2, 0x8, 0x5c, 0x3, 0x2, 0x2, 0x2, 0xa, 0x5e, 0x3, 0x2, 
    0x2, 0x2, 0xc, 0x66, 0x3, 0x2, 0x2, 0x2, 0xe, 0x68, 0x3, 0x2, 0x2, 0x2, 
    0x10, 0x70, 0x3, 0x2, 0x2, 0x2, 0x12, 0x73, 0x3, 0x2, 0x2, 0x2, 0x14, 
    0x7b, 0x3, 0x2, 0x2, 0x2, 0x16, 0x7d, 0x3, 0x2, 0x2, 0x2, 0x18, 0x84, 
    0x3, 0x2, 0x2, 0x2, 0x1a, 0x89, 0x3, 0x2, 0x2, 0x2, 0x1c, 0x8e, 0x3, 
    0x2, 0x2, 0x2, 0x1e, 0xa2, 0x3, 0x2, 0x2, 0x2, 0x20, 0xa4, 0x3, 0x2, 
    0x2, 0x2, 0x22, 0xac, 0x3, 0x2, 0x2, 0x2, 0x24, 0xae, 0x3, 0x2, 0x2, 
    0x2, 0x26, 0xb7, 0x3, 0x2, 0x2, 0x2, 0x28, 0xb9, 0x3, 0x2, 0x2, 0x2, 
    0x2a, 0xbb, 0x3, 0x2, 0x2, 0x2, 0x2c, 0xbd, 0x3, 0x2, 0x2, 0x2, 0x2e, 
    0xbf, 0x3, 0x2, 0x2, 0x2, 0x30, 0xc1, 0x3, 0x2, 0x2, 0x2, 0x32, 0xc3, 
    0x3, 0x2, 0x2, 0x2, 0x34, 0xc5, 0x3, 0x2, 0x2, 0x2, 0x36, 0x3b, 0x5, 
    0x4, 0x3, 0x2, 0x37, 0x38, 0x7, 0x2a, 0x2, 0x2, 0x38, 0x3a, 0x5, 0x4, 
    0x3, 0x2, 0x39, 0x37, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x3d, 0x3, 0x2, 0x2, 
    0x2, 0x3b, 0x39, 0x3, 0x2, 0x2, 0x2, 0x3b, 0x3c, 0x3, 0x2, 0x2, 0x2, 
    0x3c, 0x3e, 0x3, 0x2, 0x2, 0x2, 0x3d, 0x3b, 0x3, 0x2, 0x2, 0x2, 0x3e, 
    0x3f, 0x7, 0x2, 0x2, 0x3, 0x3f, 0x3, 0x3, 0x2, 0x2, 0x2, 0x40, 0x4f, 
    0x5, 0x6, 0x4, 0x2, 0x41, 0x45, 0x5, 0x8, 0x5, 0x2, 0x42, 0x44, 0x5, 
    0x1e, 0x10, 0x2, 0x43, 0x42, 0x3, 0x2, 0x2, 0x2, 0x44, 0x47, 0x3, 0x2, 
    0x2, 0x2, 0x45, 0x43, 0x3, 0x2, 0x2, 0x2, 0x45, 0x46, 0x3, 0x2, 0x2, 
    0x2, 0x46, 0x4f, 0x3, 0x2, 0x2, 0x2, 0x47, 0x45, 0x3, 0x2, 0x2, 0x2, 
    0x48, 0x4f, 0x5, 0x1c, 0xf, 0x2, 0x49, 0x4b, 0x5, 0x1e, 0x10, 0x2, 0x4a, 
    0x49, 0x3, 0x2, 0x2, 0x2, 0x4b, 0x4c, 0x3, 0x2, 0x2, 0x2, 0x4c, 0x4a, 
    0x3, 0x2, 0x2, 0x2, 0x4c, 0x4d, 0x3, 0x2, 0x2, 0x2, 0x4d, 0x4f, 0x3, 
    0x2, 0x2, 0x2, 0x4e, 0x40, 0x3, 0x2, 0x2, 0x2, 0x4e, 0x41, 0x3, 0x2, 
    0x2, 0x2, 0x4e, 0x48, 0x3, 0x2, 0x2, 0x2, 0x4e, 0x4a, 0x3, 0x2, 0x2, 
    0x2, 0x4e, 0x4f, 0x3, 0x2, 0x2, 0x2, 0x4f, 0x5, 0x3, 0x2, 0x2, 0x2, 
    0x50, 0x51, 0x7, 0x9, 0x2, 0x2, 0x51, 0x52, 0x5, 0x28, 0x15, 0x2, 0x52, 
    0x53, 0x7, 0x22, 0x2, 0x2, 0x53, 0x54, 0x5, 0x20, 0x11, 0x2, 0x54, 0x7, 
    0x3, 0x2, 0x2, 0x2, 0x55, 0x5d, 0x5, 0xa, 0x6, 0x2, 0x56, 0x5d, 0x5, 
    0xe, 0x8, 0x2, 0x57, 0x5d, 0x5, 0x10, 0x9, 0x2, 0x58, 0x5d, 0x5, 0x12, 
    0xa, 0x2, 0x59, 0x5d, 0x5, 0x16, 0xc, 0x2, 0x5a, 0x5d, 0x5, 0x18, 0xd, 
    0x2, 0x5b, 0x5d, 0x5, 0x1a, 0xe, 0x2, 0x5c, 0x55, 0x3, 0x2, 0x2, 0x2, 
    0x5c, 0x56, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x57, 0x3, 0x2, 0x2, 0x2, 0x5c, 
    0x58, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x59, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x5a, 
    0x3, 0x2, 0x2, 0x2, 0x5c, 0x5b, 0x3, 0x2, 0x2, 0x2, 0x5d, 0x9, 0x3, 
    0x2, 0x2, 0x2, 0x5e, 0x5f, 0x5, 0xc, 0x7, 0x2, 0x5f, 0x60, 0x7, 0x5, 
    0x2, 0x2, 0x60, 0x61, 0x5, 0x20, 0x11, 0x2, 0x61, 0x62, 0x7, 0x6, 0x2, 
    0x2, 0x62, 0x64, 0x5, 0x20, 0x11, 0x2, 0x63, 0x65, 0x5, 0x24, 0x13, 
    0x2, 0x64, 0x63, 0x3, 0x2, 0x2, 0x2, 0x64, 0x65, 0x3, 0x2, 0x2, 0x2, 
    0x65, 0xb, 0x3, 0x2, 0x2, 0x2, 0x66, 0x67, 0x9, 0x2, 0x2, 0x2, 0x67, 
    0xd, 0x3, 0x2, 0x2, 0x2, 0x68, 0x69, 0x7, 0xa, 0x2, 0x2, 0x69, 0x6a, 
    0x5, 0x20, 0x11, 0x2, 0x6a, 0x6b, 0x7, 0xb, 0x2, 0x2, 0x6b, 0x6c, 0x7, 
    0xc, 0x2, 0x2, 0x6c, 0x6e, 0x5, 0x20, 0x11, 0x2, 0x6d, 0x6f, 0x5, 0x24, 
    0x13, 0x2, 0x6e, 0x6d, 0x3, 0x2, 0x2, 0x2, 0x6e, 0x6f, 0x3, 0x2, 0x2, 
    0x2, 0x6f, 0xf, 0x3, 0x2, 0x2, 0x2, 0x70, 0x71, 0x7, 0xd, 0x2, 0x2, 
    0x71, 0x72, 0x5, 0x20, 0x11, 0x2, 0x72, 0x11, 0x3, 0x2, 0x2, 0x2, 0x73, 
    0x74, 0x7, 0xe, 0x2, 0x2, 0x74, 0x75, 0x7, 0xf, 0x2, 0x2, 0x75, 0x76, 
    0x7, 0x10, 0x2, 0x2, 0x76, 0x77, 0x5, 0x20, 0x11, 0x2, 0x77, 0x78, 0x7, 
    0x11, 0x2, 0x2, 0x78, 0x79, 0x5, 0x14, 0xb, 0x2, 0x79, 0x7a, 0x7, 0x14, 
    0x2, 0x2, 0x7a, 0x13, 0x3, 0x2, 0x2, 0x2, 0x7b, 0x7c, 0x9, 0x3, 0x2, 
    0x2, 0x7c, 0x15, 0x3, 0x2, 0x2, 0x2, 0x7d, 0x7e, 0x7, 0x15, 0x2, 0x2, 
    0x7e, 0x7f, 0x7, 0x16, 0x2, 0x2, 0x7f, 0x80, 0x5, 0x20, 0x11, 0x2, 0x80, 
    0x81, 0x7, 0x17, 0x2, 0x2, 0x81, 0x82, 0x7, 0x18, 0x2, 0x2, 0x82, 0x83, 
    0x5, 0x2c, 0x17, 0x2, 0x83, 0x17, 0x3, 0x2, 0x2, 0x2, 0x84, 0x85, 0x7, 
    0x19, 0x2, 0x2, 0x85, 0x86, 0x5, 0x2e, 0x18, 0x2, 0x86, 0x87, 0x7, 0x1a, 
    0x2, 0x2, 0x87, 0x88, 0x5, 0x30, 0x19, 0x2, 0x88, 0x19, 0x3, 0x2, 0x2, 
    0x2, 0x89, 0x8a, 0x7, 0x1b, 0x2, 0x2, 0x8a, 0x8b, 0x7, 0x19, 0x2, 0x2, 
    0x8b, 0x8c, 0x7, 0x1c, 0x2, 0x2, 0x8c, 0x8d, 0x5, 0x20, 0x11, 0x2, 0x8d, 
    0x1b, 0x3, 0x2, 0x2, 0x2, 0x8e, 0x97, 0x7, 0x1d, 0x2, 0x2, 0x8f, 0x90, 
    0x7, 0x5, 0x2, 0x2, 0x90, 0x91, 0x5, 0x20, 0x11, 0x2, 0x91, 0x92, 0x7, 
    0x6, 0x2, 0x2, 0x92, 0x94, 0x5, 0x20, 0x11, 0x2, 0x93, 0x95, 0x5, 0x24, 
    0x13, 0x2, 0x94, 0x93, 0x3, 0x2, 0x2, 0x2, 0x94, 0x95, 0x3, 0x2, 0x2, 
    0x2, 0x95, 0x98, 0x3, 0x2, 0x2, 0x2, 0x96, 0x98, 0x5, 0x20, 0x11, 0x2, 
    0x97, 0x8f, 0x3, 0x2, 0x2, 0x2, 0x97, 0x96, 0x3, 0x2, 0x2, 0x2, 0x98, 
    0x99, 0x3, 0x2, 0x2, 0x2, 0x99, 0x9a, 0x7, 0x1e, 0x2, 0x2, 0x9a, 0x9b, 
    0x5, 0x32, 0x1a, 0x2, 0x9b, 0x9c, 0x7, 0x1f, 0x2, 0x2, 0x9c, 0x9d, 0x5, 
    0x34, 0x1b, 0x2, 0x9d, 0x1d, 0x3, 0x2, 0x2, 0x2, 0x9e, 0x9f, 0x7, 0x20, 
    0x2, 0x2, 0x9f, 0xa3, 0x5, 0x2a, 0x16, 0x2, 0xa0, 0xa1, 0x7, 0x1e, 0x2, 
    0x2, 0xa1, 0xa3, 0x5, 0x32, 0x1a, 0x2, 0xa2, 0x9e, 0x3, 0x2, 0x2, 0x2, 
    0xa2, 0xa0, 0x3, 0x2, 0x2, 0x2, 0xa3, 0x1f, 0x3, 0x2, 0x2, 0x2, 0xa4, 
    0xa9, 0x5, 0x22, 0x12, 0x2, 0xa5, 0xa6, 0x7, 0x8, 0x2, 0x2, 0xa6, 0xa8, 
    0x5, 0x22, 0x12, 0x2, 0xa7, 0xa5, 0x3, 0x2, 0x2, 0x2, 0xa8, 0xab, 0x3, 
    0x2, 0x2, 0x2, 0xa9, 0xa7, 0x3, 0x2, 0x2, 0x2, 0xa9, 0xaa, 0x3, 0x2, 
    0x2, 0x2, 0xaa, 0x21, 0x3, 0x2, 0x2, 0x2, 0xab, 0xa9, 0x3, 0x2, 0x2, 
    0x2, 0xac, 0xad, 0x9, 0x4, 0x2, 0x2, 0xad, 0x23, 0x3, 0x2, 0x2, 0x2, 
    0xae, 0xaf, 0x7, 0x7, 0x2, 0x2, 0xaf, 0xb4, 0x5, 0x26, 0x14, 0x2, 0xb0, 
    0xb1, 0x7, 0x21, 0x2, 0x2, 0xb1, 0xb3, 0x5, 0x26, 0x14, 0x2, 0xb2, 0xb0, 
    0x3, 0x2, 0x2, 0x2, 0xb3, 0xb6, 0x3, 0x2, 0x2, 0x2, 0xb4, 0xb2, 0x3, 
    0x2, 0x2, 0x2, 0xb4, 0xb5, 0x3, 0x2, 0x2, 0x2, 0xb5, 0x25, 0x3, 0x2, 
    0x2, 0x2, 0xb6, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb7, 0xb8, 0x9, 0x5, 0x2, 
    0x2, 0xb8, 0x27, 0x3, 0x2, 0x2, 0x2, 0xb9, 0xba, 0x7, 0x28, 0x2, 0x2, 
    0xba, 0x29, 0x3, 0x2, 0x2, 0x2, 0xbb, 0xbc, 0x7, 0x28, 0x2, 0x2, 0xbc, 
    0x2b, 0x3, 0x2, 0x2, 0x2, 0xbd, 0xbe, 0x9, 0x6, 0x2, 0x2, 0xbe, 0x2d, 
    0x3, 0x2, 0x2, 0x2, 0xbf, 0xc0, 0x7, 0x23, 0x2, 0x2, 0xc0, 0x2f, 0x3, 
    0x2, 0x2, 0x2, 0xc1, 0xc2, 0x7, 0x27, 0x2, 0x2, 0xc2, 0x31, 0x3, 0x2, 
    0x2, 0x2, 0xc3, 0xc4, 0x7, 0x29, 0x2, 0x2, 0xc4, 0x33, 0x3, 0x2, 0x2, 
    0x2, 0xc5, 0xc6, 0x7, 0x24, 0x2, 0x2, 0xc6, 0x35, 0x3, 0x2, 0x2, 0x2, 
    0xe, 0x3b, 0x45, 0x4c, 0x4e, 0x5c, 0x64, 0x6e, 0x94, 0x97, 0xa2, 0xa9, 
    0xb4, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

InvariantsParser::Initializer InvariantsParser::_init;
