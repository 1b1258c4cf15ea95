// The invariant language: one statement a line. scripts/regenerate-invariants turns this into generated/ with Debian's
// antlr4 4.7.2, and into the diagrams of docs/invariants-grammar.md. What a party, a port or a date means is read in
// terms.cpp, so that its errors can say more than a grammar can.
grammar Invariants;

file: line (NEWLINE line)* EOF;
line: (definition | statement qualifier* | exempt | qualifier+)?;

definition: SET name EQUALS parties;

// Further statements are further alternatives here.
statement: reach | only | isolated | covered | bandwidth | serves | exposes;

reach: claim FROM source=parties TO destination=parties ports?;
claim: DENY | ALLOW;
only: ONLY source=parties MAY REACH destination=parties ports?;
isolated: ISOLATED parties;
covered: EVERY POD IN parties HAS direction POLICY;
direction: INGRESS | EGRESS;
bandwidth: EGRESS_BANDWIDTH OF parties AT MOST quantity;
serves: ROUTE url REACHES service;
exposes: NO ROUTE EXPOSES parties;

// On a line of its own, below its statement.
exempt: EXCEPT (FROM source=parties TO destination=parties ports? | who=parties) BECAUSE reason UNTIL date;
qualifier: SEVERITY level | BECAUSE reason;

parties: party (OR party)*;
party: PARTY | WORD;
ports: ON port (COMMA port)*;
port: PORT | WORD;
name: WORD;
level: WORD;
quantity: QUANTITY | PORT;
url: PARTY;
service: SERVICE;
reason: STRING;
date: DATE;

DENY: 'deny';
ALLOW: 'allow';
FROM: 'from';
TO: 'to';
ON: 'on';
OR: 'or';
SET: 'set';
ONLY: 'only';
MAY: 'may';
REACH: 'reach';
ISOLATED: 'isolated';
EVERY: 'every';
POD: 'pod';
IN: 'in';
HAS: 'has';
INGRESS: 'ingress';
EGRESS: 'egress';
POLICY: 'policy';
EGRESS_BANDWIDTH: 'egress-bandwidth';
OF: 'of';
AT: 'at';
MOST: 'most';
ROUTE: 'route';
REACHES: 'reaches';
NO: 'no';
EXPOSES: 'exposes';
EXCEPT: 'except';
BECAUSE: 'because';
UNTIL: 'until';
SEVERITY: 'severity';
COMMA: ',';
EQUALS: '=';
PARTY: [a-z]+ ':' ~[ \t\r\n#]+;
DATE: [0-9] [0-9] [0-9] [0-9] '-' [0-9] [0-9] '-' [0-9] [0-9];
PORT: [0-9]+ ('-' [0-9]+)? ('/' [A-Za-z0-9]+)?;
QUANTITY: [0-9]+ ('.' [0-9]+)? [A-Za-z]+;
SERVICE: [a-z0-9] [a-z0-9-]* '/' [a-z0-9] [a-z0-9.-]* (':' [0-9]+)?;
WORD: [A-Za-z] [A-Za-z0-9_-]*;
STRING: '"' ~["\r\n]* '"';
NEWLINE: '\r'? '\n';
SPACE: [ \t]+ -> skip;
COMMENT: '#' ~[\r\n]* -> skip;
OTHER: .;
