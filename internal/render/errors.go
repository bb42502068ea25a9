package render

import (
	"fmt"
	"strings"
)

// The flags that a *UsageError names.
const (
	optionOutput = "--output"
	optionJQ     = "--jq"
	optionFields = "--fields"
	optionQuiet  = "--quiet"
)

// Problem tells what is wrong with an option, for callers that have texts of
// their own.
type Problem string

// The problems of a *UsageError, with what its Value holds.
const (
	ProblemUnknownFormat Problem = "unknown-format" // the word given
	ProblemEmptyTemplate Problem = "empty-template" // "template"
	ProblemBadTemplate   Problem = "bad-template"   // the parser's message
	ProblemBadJQ         Problem = "bad-jq"         // the compiler's message
	ProblemEmptyField    Problem = "empty-field"    // the --fields value
	ProblemConflict      Problem = "conflict"       // the other option
	ProblemNoID          Problem = "no-id"          // nothing
)

// UsageError is an output option that can't be used: exit status 2.
type UsageError struct {
	Option  string  // the flag, such as "--jq"
	Problem Problem // what is wrong with it
	Value   string  // see the Problem
}

func (e *UsageError) Error() string {
	switch e.Problem {
	case ProblemUnknownFormat:
		return fmt.Sprintf("%s: unknown format %q; formats: %s", e.Option, e.Value, strings.Join(FormatNames(), ", "))
	case ProblemEmptyTemplate:
		return e.Option + ": template needs a text, as in template={{.id}}"
	case ProblemBadTemplate:
		return e.Option + ": " + e.Value
	case ProblemBadJQ:
		return e.Option + ": the program does not compile: " + e.Value
	case ProblemEmptyField:
		return fmt.Sprintf("%s: %q has an empty field name", e.Option, e.Value)
	case ProblemNoID:
		return e.Option + ": this result has no id to print"
	}
	return e.Option + " can't be used together with " + e.Value
}

// UnknownFieldError is a name in --fields that the result does not have: exit
// status 2.
type UnknownFieldError struct {
	Field string
	Known []string // the names that can be used, columns first
}

func (e *UnknownFieldError) Error() string {
	return fmt.Sprintf("%s: unknown field %q; known fields: %s", optionFields, e.Field, strings.Join(e.Known, ", "))
}

// ProgramError is a jq program or a template that compiles and fails on this
// result. Its text says where, but never repeats a value of the result.
type ProgramError struct {
	Option string // "--jq" or "--output"
	Reason string
}

func (e *ProgramError) Error() string {
	return e.Option + ": the program fails on this result: " + e.Reason
}
