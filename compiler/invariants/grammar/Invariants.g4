// The invariant language: one statement a line. scripts/regenerate-invariants turns this into generated/ with Debian's
// antlr4 4.7.2. What a party or a port means is read in read.cpp, so that its errors can say more than a grammar can.
grammar Invariants;

file: line (NEWLINE line)* EOF;
line: statement?;

// Further statements are further alternatives here.
statement: reach;

reach: claim FROM source=party TO destination=party (ON port (COMMA port)*)?;
claim: DENY | ALLOW;
party: PARTY;
port: PORT | WORD;

DENY: 'deny';
ALLOW: 'allow';
FROM: 'from';
TO: 'to';
ON: 'on';
COMMA: ',';
PARTY: [a-z]+ ':' ~[ \t\r\n#]+;
PORT: [0-9]+ ('-' [0-9]+)? ('/' [A-Za-z0-9]+)?;
WORD: [A-Za-z] [A-Za-z0-9_-]*;
NEWLINE: '\r'? '\n';
SPACE: [ \t]+ -> skip;
COMMENT: '#' ~[\r\n]* -> skip;
OTHER: .;
