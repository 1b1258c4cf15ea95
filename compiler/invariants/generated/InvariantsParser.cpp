
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
    setState(14);
    line();
    setState(19);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == InvariantsParser::NEWLINE) {
      setState(15);
      match(InvariantsParser::NEWLINE);
      setState(16);
      line();
      setState(21);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(22);
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

InvariantsParser::StatementContext* InvariantsParser::LineContext::statement() {
  return getRuleContext<InvariantsParser::StatementContext>(0);
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
    setState(25);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == InvariantsParser::DENY

    || _la == InvariantsParser::ALLOW) {
      setState(24);
      statement();
    }
   
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


size_t InvariantsParser::StatementContext::getRuleIndex() const {
  return InvariantsParser::RuleStatement;
}


InvariantsParser::StatementContext* InvariantsParser::statement() {
  StatementContext *_localctx = _tracker.createInstance<StatementContext>(_ctx, getState());
  enterRule(_localctx, 4, InvariantsParser::RuleStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(27);
    reach();
   
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

std::vector<InvariantsParser::PartyContext *> InvariantsParser::ReachContext::party() {
  return getRuleContexts<InvariantsParser::PartyContext>();
}

InvariantsParser::PartyContext* InvariantsParser::ReachContext::party(size_t i) {
  return getRuleContext<InvariantsParser::PartyContext>(i);
}

tree::TerminalNode* InvariantsParser::ReachContext::ON() {
  return getToken(InvariantsParser::ON, 0);
}

std::vector<InvariantsParser::PortContext *> InvariantsParser::ReachContext::port() {
  return getRuleContexts<InvariantsParser::PortContext>();
}

InvariantsParser::PortContext* InvariantsParser::ReachContext::port(size_t i) {
  return getRuleContext<InvariantsParser::PortContext>(i);
}

std::vector<tree::TerminalNode *> InvariantsParser::ReachContext::COMMA() {
  return getTokens(InvariantsParser::COMMA);
}

tree::TerminalNode* InvariantsParser::ReachContext::COMMA(size_t i) {
  return getToken(InvariantsParser::COMMA, i);
}


size_t InvariantsParser::ReachContext::getRuleIndex() const {
  return InvariantsParser::RuleReach;
}


InvariantsParser::ReachContext* InvariantsParser::reach() {
  ReachContext *_localctx = _tracker.createInstance<ReachContext>(_ctx, getState());
  enterRule(_localctx, 6, InvariantsParser::RuleReach);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(29);
    claim();
    setState(30);
    match(InvariantsParser::FROM);
    setState(31);
    dynamic_cast<ReachContext *>(_localctx)->source = party();
    setState(32);
    match(InvariantsParser::TO);
    setState(33);
    dynamic_cast<ReachContext *>(_localctx)->destination = party();
    setState(43);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == InvariantsParser::ON) {
      setState(34);
      match(InvariantsParser::ON);
      setState(35);
      port();
      setState(40);
      _errHandler->sync(this);
      _la = _input->LA(1);
      while (_la == InvariantsParser::COMMA) {
        setState(36);
        match(InvariantsParser::COMMA);
        setState(37);
        port();
        setState(42);
        _errHandler->sync(this);
        _la = _input->LA(1);
      }
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
  enterRule(_localctx, 8, InvariantsParser::RuleClaim);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(45);
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

//----------------- PartyContext ------------------------------------------------------------------

InvariantsParser::PartyContext::PartyContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* InvariantsParser::PartyContext::PARTY() {
  return getToken(InvariantsParser::PARTY, 0);
}


size_t InvariantsParser::PartyContext::getRuleIndex() const {
  return InvariantsParser::RuleParty;
}


InvariantsParser::PartyContext* InvariantsParser::party() {
  PartyContext *_localctx = _tracker.createInstance<PartyContext>(_ctx, getState());
  enterRule(_localctx, 10, InvariantsParser::RuleParty);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(47);
    match(InvariantsParser::PARTY);
   
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
  enterRule(_localctx, 12, InvariantsParser::RulePort);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(49);
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

// Static vars and initialization.
std::vector<dfa::DFA> InvariantsParser::_decisionToDFA;
atn::PredictionContextCache InvariantsParser::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN InvariantsParser::_atn;
std::vector<uint16_t> InvariantsParser::_serializedATN;

std::vector<std::string> InvariantsParser::_ruleNames = {
  "file", "line", "statement", "reach", "claim", "party", "port"
};

std::vector<std::string> InvariantsParser::_literalNames = {
  "", "'deny'", "'allow'", "'from'", "'to'", "'on'", "','"
};

std::vector<std::string> InvariantsParser::_symbolicNames = {
  "", "DENY", "ALLOW", "FROM", "TO", "ON", "COMMA", "PARTY", "PORT", "WORD", 
  "NEWLINE", "SPACE", "COMMENT", "OTHER"
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
    0x3, 0xf, 0x36, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 0x9, 
    0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 0x4, 
    0x8, 0x9, 0x8, 0x3, 0x2, 0x3, 0x2, 0x3, 0x2, 0x7, 0x2, 0x14, 0xa, 0x2, 
    0xc, 0x2, 0xe, 0x2, 0x17, 0xb, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x3, 0x5, 
    0x3, 0x1c, 0xa, 0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 
    0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x7, 0x5, 
    0x29, 0xa, 0x5, 0xc, 0x5, 0xe, 0x5, 0x2c, 0xb, 0x5, 0x5, 0x5, 0x2e, 
    0xa, 0x5, 0x3, 0x6, 0x3, 0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 0x8, 0x3, 0x8, 
    0x3, 0x8, 0x2, 0x2, 0x9, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 0xe, 0x2, 0x4, 
    0x3, 0x2, 0x3, 0x4, 0x3, 0x2, 0xa, 0xb, 0x2, 0x32, 0x2, 0x10, 0x3, 0x2, 
    0x2, 0x2, 0x4, 0x1b, 0x3, 0x2, 0x2, 0x2, 0x6, 0x1d, 0x3, 0x2, 0x2, 0x2, 
    0x8, 0x1f, 0x3, 0x2, 0x2, 0x2, 0xa, 0x2f, 0x3, 0x2, 0x2, 0x2, 0xc, 0x31, 
    0x3, 0x2, 0x2, 0x2, 0xe, 0x33, 0x3, 0x2, 0x2, 0x2, 0x10, 0x15, 0x5, 
    0x4, 0x3, 0x2, 0x11, 0x12, 0x7, 0xc, 0x2, 0x2, 0x12, 0x14, 0x5, 0x4, 
    0x3, 0x2, 0x13, 0x11, 0x3, 0x2, 0x2, 0x2, 0x14, 0x17, 0x3, 0x2, 0x2, 
    0x2, 0x15, 0x13, 0x3, 0x2, 0x2, 0x2, 0x15, 0x16, 0x3, 0x2, 0x2, 0x2, 
    0x16, 0x18, 0x3, 0x2, 0x2, 0x2, 0x17, 0x15, 0x3, 0x2, 0x2, 0x2, 0x18, 
    0x19, 0x7, 0x2, 0x2, 0x3, 0x19, 0x3, 0x3, 0x2, 0x2, 0x2, 0x1a, 0x1c, 
    0x5, 0x6, 0x4, 0x2, 0x1b, 0x1a, 0x3, 0x2, 0x2, 0x2, 0x1b, 0x1c, 0x3, 
    0x2, 0x2, 0x2, 0x1c, 0x5, 0x3, 0x2, 0x2, 0x2, 0x1d, 0x1e, 0x5, 0x8, 
    0x5, 0x2, 0x1e, 0x7, 0x3, 0x2, 0x2, 0x2, 0x1f, 0x20, 0x5, 0xa, 0x6, 
    0x2, 0x20, 0x21, 0x7, 0x5, 0x2, 0x2, 0x21, 0x22, 0x5, 0xc, 0x7, 0x2, 
    0x22, 0x23, 0x7, 0x6, 0x2, 0x2, 0x23, 0x2d, 0x5, 0xc, 0x7, 0x2, 0x24, 
    0x25, 0x7, 0x7, 0x2, 0x2, 0x25, 0x2a, 0x5, 0xe, 0x8, 0x2, 0x26, 0x27, 
    0x7, 0x8, 0x2, 0x2, 0x27, 0x29, 0x5, 0xe, 0x8, 0x2, 0x28, 0x26, 0x3, 
    0x2, 0x2, 0x2, 0x29, 0x2c, 0x3, 0x2, 0x2, 0x2, 0x2a, 0x28, 0x3, 0x2, 
    0x2, 0x2, 0x2a, 0x2b, 0x3, 0x2, 0x2, 0x2, 0x2b, 0x2e, 0x3, 0x2, 0x2, 
    0x2, 0x2c, 0x2a, 0x3, 0x2, 0x2, 0x2, 0x2d, 0x24, 0x3, 0x2, 0x2, 0x2, 
    0x2d, 0x2e, 0x3, 0x2, 0x2, 0x2, 0x2e, 0x9, 0x3, 0x2, 0x2, 0x2, 0x2f, 
    0x30, 0x9, 0x2, 0x2, 0x2, 0x30, 0xb, 0x3, 0x2, 0x2, 0x2, 0x31, 0x32, 
    0x7, 0x9, 0x2, 0x2, 0x32, 0xd, 0x3, 0x2, 0x2, 0x2, 0x33, 0x34, 0x9, 
    0x3, 0x2, 0x2, 0x34, 0xf, 0x3, 0x2, 0x2, 0x2, 0x6, 0x15, 0x1b, 0x2a, 
    0x2d, 
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
