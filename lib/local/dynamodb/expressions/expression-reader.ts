/** What the four kinds of expression share: a cursor over tokens, document paths, and syntax errors as AWS words them. */
import { refuse } from '../values/refusal.ts';
import type { Value } from '../values/value.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';

export class ExpressionReader {
  readonly label: string;
  readonly #tokens: readonly Token[];
  readonly #placeholders: Placeholders;
  #at = 0;
  #operators = 0;
  #open = 0;

  /** `label` is the parameter that holds the expression, such as `ConditionExpression`. */
  constructor(expression: string, label: string, placeholders: Placeholders) {
    this.label = label;
    this.#tokens = tokensOf(expression, label);
    this.#placeholders = placeholders;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  /** Steps over the symbol or keyword if it is next. Keywords are in upper case here, in any case in the text. */
  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at++;
    return true;
  }

  sees(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' ? token.text === text : token.kind === 'word' && token.text.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.syntaxError();
  }

  /** Steps over the next token, whatever it is. */
  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Counts an operator or a function of the expression; refuses one too many. */
  operator(): void {
    this.#operators++;
    if (this.#operators > MOST_OPERATORS) this.refuse('The expression contains too many operators;');
  }

  /**
   * Reads what stands in parentheses, behind the first one. Each pair that is not redundant holds an operator more than
   * the next inner one, so deeper than the most operators is too deep whatever follows.
   */
  inParentheses<T>(read: () => T): T {
    this.#open++;
    if (this.#open > MOST_OPERATORS) this.refuse('The expression has redundant parentheses;');
    const inner = read();
    this.expect(')');
    this.#open--;
    return inner;
  }

  /** A document path such as `a.b[0].#c`. */
  path(): Path {
    const steps: [string, ...(string | number)[]] = [this.#pathName()];
    for (;;) {
      if (this.accept('.')) {
        steps.push(this.#pathName());
      } else if (this.accept('[')) {
        if (this.peek().kind !== 'number') this.syntaxError();
        steps.push(Number(this.next().text));
        this.expect(']');
      } else {
        if (steps.length > DEEPEST_PATH) {
          this.refuse(`The document path has too many nesting levels; nesting levels: ${steps.length}`);
        }
        return steps;
      }
    }
  }

  value(): Value {
    if (this.peek().kind !== 'value') this.syntaxError();
    return this.#placeholders.value(this.next().text, this.label);
  }

  /** Whether a function call such as `size(` is next. */
  seesCall(): boolean {
    return this.peek().kind === 'word' && this.peek(1).kind === 'symbol' && this.peek(1).text === '(';
  }

  end(): void {
    if (this.peek().kind !== 'end') this.syntaxError();
  }

  syntaxError(): never {
    const near = [this.peek(-1), this.peek(), this.peek(1)].filter(
      (token, i, all) => token && all.indexOf(token) === i,
    );
    this.refuse(`Syntax error; token: "${this.peek().text}", near: "${near.map(token => token.text).join(' ')}"`);
  }

  /** Throws ValidationException that names the expression. */
  refuse(message: string): never {
    refuse(`Invalid ${this.label}: ${message}`);
  }

  #pathName(): string {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'name') this.syntaxError();
    this.#at++;
    if (token.kind === 'name') return this.#placeholders.name(token.text, this.label);
    if (isReserved(token.text)) {
      this.refuse(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }
}

interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const LONGEST_BYTES = 4096;
/** Operators and functions of one expression. */
const MOST_OPERATORS = 300;
const DEEPEST_PATH = 32;
const PATTERN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\].,+-]))/y;
const KINDS = ['word', 'name', 'value', 'number', 'symbol'] as const;

/** Splits an expression; the last token is of kind `end`. `label` is the parameter's name, for the error. */
function tokensOf(expression: string, label: string): readonly Token[] {
  if (expression.trim() === '') refuse(`Invalid ${label}: The expression can not be empty;`);
  if (Buffer.byteLength(expression) > LONGEST_BYTES) {
    refuse(`Invalid ${label}: Expression size has exceeded the maximum allowed size;`);
  }
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const from = PATTERN.lastIndex;
    const match = PATTERN.exec(expression);
    if (!match) {
      const rest = expression.slice(from).trimStart();
      refuse(`Invalid ${label}: Syntax error; token: "${rest.charAt(0)}", near: "${rest.slice(0, 20)}"`);
    }
    const group = match.slice(1).findIndex(text => text !== undefined);
    tokens.push({ kind: KINDS[group] ?? 'symbol', text: match[group + 1] ?? '' });
  }
  return [...tokens, { kind: 'end', text: '<EOF>' }];
}

/**
 * The words that DynamoDB does not take as bare attribute names in an expression, whatever their case; a `#placeholder`
 * says them. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html (its spelling is kept).
 */
const RESERVED: ReadonlySet<string> = new Set(
  `
ABORT ABSOLUTE ACTION ADD AFTER AGENT AGGREGATE ALL ALLOCATE ALTER ANALYZE AND ANY ARCHIVE ARE ARRAY AS ASC ASCII
ASENSITIVE ASSERTION ASYMMETRIC AT ATOMIC ATTACH ATTRIBUTE AUTH AUTHORIZATION AUTHORIZE AUTO AVG BACK BACKUP BASE
BATCH BEFORE BEGIN BETWEEN BIGINT BINARY BIT BLOB BLOCK BOOLEAN BOTH BREADTH BUCKET BULK BY BYTE CALL CALLED CALLING
CAPACITY CASCADE CASCADED CASE CAST CATALOG CHAR CHARACTER CHECK CLASS CLOB CLOSE CLUSTER CLUSTERED CLUSTERING
CLUSTERS COALESCE COLLATE COLLATION COLLECTION COLUMN COLUMNS COMBINE COMMENT COMMIT COMPACT COMPILE COMPRESS
CONDITION CONFLICT CONNECT CONNECTION CONSISTENCY CONSISTENT CONSTRAINT CONSTRAINTS CONSTRUCTOR CONSUMED CONTINUE
CONVERT COPY CORRESPONDING COUNT COUNTER CREATE CROSS CUBE CURRENT CURSOR CYCLE DATA DATABASE DATE DATETIME DAY
DEALLOCATE DEC DECIMAL DECLARE DEFAULT DEFERRABLE DEFERRED DEFINE DEFINED DEFINITION DELETE DELIMITED DEPTH DEREF
DESC DESCRIBE DESCRIPTOR DETACH DETERMINISTIC DIAGNOSTICS DIRECTORIES DISABLE DISCONNECT DISTINCT DISTRIBUTE DO
DOMAIN DOUBLE DROP DUMP DURATION DYNAMIC EACH ELEMENT ELSE ELSEIF EMPTY ENABLE END EQUAL EQUALS ERROR ESCAPE ESCAPED
EVAL EVALUATE EXCEEDED EXCEPT EXCEPTION EXCEPTIONS EXCLUSIVE EXEC EXECUTE EXISTS EXIT EXPLAIN EXPLODE EXPORT
EXPRESSION EXTENDED EXTERNAL EXTRACT FAIL FALSE FAMILY FETCH FIELDS FILE FILTER FILTERING FINAL FINISH FIRST FIXED
FLATTERN FLOAT FOR FORCE FOREIGN FORMAT FORWARD FOUND FREE FROM FULL FUNCTION FUNCTIONS GENERAL GENERATE GET GLOB
GLOBAL GO GOTO GRANT GREATER GROUP GROUPING HANDLER HASH HAVE HAVING HEAP HIDDEN HOLD HOUR IDENTIFIED IDENTITY IF
IGNORE IMMEDIATE IMPORT IN INCLUDING INCLUSIVE INCREMENT INCREMENTAL INDEX INDEXED INDEXES INDICATOR INFINITE
INITIALLY INLINE INNER INNTER INOUT INPUT INSENSITIVE INSERT INSTEAD INT INTEGER INTERSECT INTERVAL INTO INVALIDATE
IS ISOLATION ITEM ITEMS ITERATE JOIN KEY KEYS LAG LANGUAGE LARGE LAST LATERAL LEAD LEADING LEAVE LEFT LENGTH LESS
LEVEL LIKE LIMIT LIMITED LINES LIST LOAD LOCAL LOCALTIME LOCALTIMESTAMP LOCATION LOCATOR LOCK LOCKS LOG LOGED LONG
LOOP LOWER MAP MATCH MATERIALIZED MAX MAXLEN MEMBER MERGE METHOD METRICS MIN MINUS MINUTE MISSING MOD MODE MODIFIES
MODIFY MODULE MONTH MULTI MULTISET NAME NAMES NATIONAL NATURAL NCHAR NCLOB NEW NEXT NO NONE NOT NULL NULLIF NUMBER
NUMERIC OBJECT OF OFFLINE OFFSET OLD ON ONLINE ONLY OPAQUE OPEN OPERATOR OPTION OR ORDER ORDINALITY OTHER OTHERS OUT
OUTER OUTPUT OVER OVERLAPS OVERRIDE OWNER PAD PARALLEL PARAMETER PARAMETERS PARTIAL PARTITION PARTITIONED PARTITIONS
PATH PERCENT PERCENTILE PERMISSION PERMISSIONS PIPE PIPELINED PLAN POOL POSITION PRECISION PREPARE PRESERVE PRIMARY
PRIOR PRIVATE PRIVILEGES PROCEDURE PROCESSED PROJECT PROJECTION PROPERTY PROVISIONING PUBLIC PUT QUERY QUIT QUORUM
RAISE RANDOM RANGE RANK RAW READ READS REAL REBUILD RECORD RECURSIVE REDUCE REF REFERENCE REFERENCES REFERENCING
REGEXP REGION REINDEX RELATIVE RELEASE REMAINDER RENAME REPEAT REPLACE REQUEST RESET RESIGNAL RESOURCE RESPONSE
RESTORE RESTRICT RESULT RETURN RETURNING RETURNS REVERSE REVOKE RIGHT ROLE ROLES ROLLBACK ROLLUP ROUTINE ROW ROWS
RULE RULES SAMPLE SATISFIES SAVE SAVEPOINT SCAN SCHEMA SCOPE SCROLL SEARCH SECOND SECTION SEGMENT SEGMENTS SELECT
SELF SEMI SENSITIVE SEPARATE SEQUENCE SERIALIZABLE SESSION SET SETS SHARD SHARE SHARED SHORT SHOW SIGNAL SIMILAR
SIZE SKEWED SMALLINT SNAPSHOT SOME SOURCE SPACE SPACES SPARSE SPECIFIC SPECIFICTYPE SPLIT SQL SQLCODE SQLERROR
SQLEXCEPTION SQLSTATE SQLWARNING START STATE STATIC STATUS STORAGE STORE STORED STREAM STRING STRUCT STYLE SUB
SUBMULTISET SUBPARTITION SUBSTRING SUBTYPE SUM SUPER SYMMETRIC SYNONYM SYSTEM TABLE TABLESAMPLE TEMP TEMPORARY
TERMINATED TEXT THAN THEN THROUGHPUT TIME TIMESTAMP TIMEZONE TINYINT TO TOKEN TOTAL TOUCH TRAILING TRANSACTION
TRANSFORM TRANSLATE TRANSLATION TREAT TRIGGER TRIM TRUE TRUNCATE TTL TUPLE TYPE UNDER UNDO UNION UNIQUE UNIT UNKNOWN
UNLOGGED UNNEST UNPROCESSED UNSIGNED UNTIL UPDATE UPPER URL USAGE USE USER USERS USING UUID VACUUM VALUE VALUED
VALUES VARCHAR VARIABLE VARIANCE VARINT VARYING VIEW VIEWS VIRTUAL VOID WAIT WHEN WHENEVER WHERE WHILE WINDOW WITH
WITHIN WITHOUT WORK WRAPPED WRITE YEAR ZONE
`
    .trim()
    .split(/\s+/),
);

function isReserved(word: string): boolean {
  return RESERVED.has(word.toUpperCase());
}
