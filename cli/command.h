#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/tokenizer.h"
#include "core/error.h"
#include "lab/commands.h"

struct session; /* session.h */

/*
 * The one table of the language. Parser, completion, help, the manual and the README's list come from it.
 *
 * Kinds say what a word means: how it is checked, what completion offers for it, and what it is called in help.
 */
enum argument_kind {
	ARGUMENT_NEW_NAME,   /* a resource that is about to be made */
	ARGUMENT_REFERENCE,  /* an existing resource of one of parameter.nouns */
	ARGUMENT_REFERENCES, /* NAME[,NAME]... */
	ARGUMENT_TYPED,      /* two words: one of choices, then a resource of that noun (or CIDR after "cidr") */
	ARGUMENT_CIDR,
	ARGUMENT_ADDRESS,
	ARGUMENT_ADDRESS_OR_AUTO,
	ARGUMENT_TARGET, /* ECS, ENI, or an address */
	ARGUMENT_PEER,   /* CIDR, address, or security group */
	ARGUMENT_PORT,   /* P or P-Q */
	ARGUMENT_NUMBER,
	ARGUMENT_CHOICE, /* one of choices */
	ARGUMENT_WORD,   /* free text, one word */
	ARGUMENT_WORDS,  /* NAME[,NAME]: free */
	ARGUMENT_FILE,
	ARGUMENT_NODE,
	ARGUMENT_FLOW,    /* FROM -> TO [PROTOCOL [PORT]], ends at a known key */
	ARGUMENT_COMMAND, /* all the rest of the line, after "--" or as it stands: a program and its arguments */
	ARGUMENT_REST,    /* all the rest of the line, words of our own language (expect error, help) */
};

enum parameter_flags {
	PARAMETER_REQUIRED = 1 << 0,
	PARAMETER_KEY = 1 << 1,    /* KEY VALUE in any order; without it: positional */
	PARAMETER_FLAG = 1 << 2,   /* the key alone, no value ("force") */
	PARAMETER_BARE = 1 << 3,   /* CIDR: an address alone is that one host, a /32 */
	PARAMETER_SINGLE = 1 << 4, /* PORT: no range */
};

struct parameter {
	const char *name; /* the key ("--" for a COMMAND that is one), or what a positional one is called; help shows it in
			     capitals */
	enum argument_kind kind;
	unsigned flags;
	unsigned nouns;           /* references: which nouns */
	const char *choices;      /* "tcp|udp|any" */
	const char *metavariable; /* what help calls its value; NULL: what its kind says */
	const char *help;         /* a few words, no full stop */
	const char
		*code; /* the cloud's code for a value of the wrong form; NULL: there is none. Use .designated = initialisers */
};

#define PARAMETERS_MAX 12

enum command_flags {
	COMMAND_CHANGES = 1 << 0, /* changes the model: recorded in the journal, allowed under expect error and validate */
	COMMAND_KERNEL = 1 << 1,  /* needs the lab to be built: what is pending is applied first */
	COMMAND_PROMPT = 1 << 2,  /* makes sense at the prompt only */
};

struct arguments; /* what was given, see below */

struct command {
	const char *words; /* "vpc create" */
	struct parameter parameter[PARAMETERS_MAX];
	const char *summary; /* one line, no full stop */
	const char *example; /* a whole command that parses */
	unsigned flags;
	unsigned providers; /* FOR_*; 0: those of its family */
	/* COMMAND_CHANGES: only the model. */
	int (*change)(struct model *model, const struct arguments *arguments, struct error *err);
	/* The others: returns an exit status, or a negative errno with err. */
	int (*run)(struct session *session, const struct arguments *arguments, struct error *err);
};

/* Whose words they are. A lab knows those of its provider only. */
enum command_providers { FOR_ALIBABA = 1 << PROVIDER_ALIBABA, FOR_AWS = 1 << PROVIDER_AWS, FOR_ALL = FOR_ALIBABA | FOR_AWS };

/* The families, in the order in which help shows them. A family's commands end with NULL words. */
struct command_family {
	const char *title;
	const struct command *commands;
	unsigned providers;
};
extern const struct command_family command_table[]; /* title NULL ends */

/* All rows of a provider: for (struct command_cursor at = { .provider = provider }; command_next(&at);) ... at.command ... */
struct command_cursor {
	enum provider provider;
	const struct command_family *family;
	const struct command *command;
};
bool command_next(struct command_cursor *cursor);
/* The provider of a lab that may not be there (yet). */
enum provider command_provider(const struct model *model);

/*
 * The families beside the cloud's (commands_lab.c), and what the cloud families' rows run there. A noun word alone is
 * NOUN show: session_show_noun() finds the noun in the first word of arguments->command->words, and its optional "name".
 */
extern const struct command commands_settings[], commands_network[], commands_compute[], commands_acl[], commands_nat[];
extern const struct command commands_aws_network[], commands_aws_compute[], commands_aws_gateways[];
extern const struct command commands_hosts[], commands_explain[], commands_lab[], commands_linux[];
int session_show_noun(struct session *session, const struct arguments *arguments, struct error *err);
int session_service_log(struct session *session, const struct arguments *arguments, struct error *err); /* "node", "service" */

/*
 * The words that no resource may be named: all first words of commands, noun words and their aliases, keys, "internet";
 * those of all providers, so that what a name may be does not hang on where it is.
 * An ARGUMENT_NEW_NAME that is one is refused by statement_parse().
 */
bool command_is_reserved(const char *word);
/* "sg" is "security-group", "nat" is "nat-gateway", wherever a noun is named; any other word is itself. */
const char *command_canonical_word(const char *word);
/* The short words, one by one; NULL behind the last. */
const char *command_alias(size_t i);

struct argument {
	const struct parameter *parameter;
	const struct token *token; /* first value token; for a flag the key itself */
	size_t n_token;
	char **part; /* REFERENCES and WORDS: split at the commas */
	size_t n_part;
	const char *type; /* TYPED: the choice that its first word is, never an alias */
};

struct arguments {
	const struct command *command;
	const struct line *line;
	const struct token *first; /* the command's first word, somewhere in that line */
	struct argument argument[PARAMETERS_MAX];
	size_t n_argument;
};

/* NULL when it was not given. For ARGUMENT_TYPED: the second word; its first by arguments_type(). */
const char *arguments_get(const struct arguments *arguments, const char *name);
const char *arguments_type(const struct arguments *arguments, const char *name);
bool arguments_has(const struct arguments *arguments, const char *name);
/* The whole of what was given, NULL when it was not: statement_parse_from(..., argument->token, ...) reads an ARGUMENT_REST. */
const struct argument *arguments_find(const struct arguments *arguments, const char *name);
/* Split at the commas; lives as long as the statement. */
struct names arguments_names(const struct arguments *arguments, const char *name);
/* All tokens of that parameter as a NULL-terminated vector; the caller frees the vector, not the words. */
char **arguments_vector(const struct arguments *arguments, const char *name);
/*
 * The token that an error's argument points at. "": the resource's own name; a name that was not given: the last word;
 * NULL: the first word of the command. The parts of a flow go by "from", "to", "protocol", "port".
 */
const struct token *arguments_token(const struct arguments *arguments, const char *name);

enum statement_kind { STATEMENT_COMMAND, STATEMENT_NODE };

/* What one line says. */
struct statement {
	enum statement_kind kind;
	struct arguments arguments; /* STATEMENT_COMMAND */
	const char *node;           /* STATEMENT_NODE: its name */
	char **argv;                /* NULL-terminated, argv[0] NULL: a shell; borrowed words, own vector */
	bool background;            /* a last word & */
};

/*
 * Finds the command, sorts the words into its parameters and checks their form (address, prefix, port, choice, doubled and
 * missing keys, unknown words with the nearest one). A first word that is a node of the model makes a node statement.
 * Whether names exist is the rules' business (commands.h). On error *ret_token is the word at fault.
 */
int statement_parse(const struct model *model, const struct line *line, struct statement *ret_statement,
		    const struct token **ret_token, struct error *err);
/* The same for the rest of a line, from that token of it on: what stands behind `expect error CODE`. */
int statement_parse_from(const struct model *model, const struct line *line, const struct token *first,
			 struct statement *ret_statement, const struct token **ret_token, struct error *err);
void statement_free(struct statement *statement); /* the line must still be there */

/* Parses and changes, for the journal: no place, no output. */
int command_replay(struct model *model, const char *text, struct error *err);
/* The text of a change as it goes to the journal: words expanded, quoted where needed. The caller frees. */
char *command_text(const struct line *line);
