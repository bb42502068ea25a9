// Package pinyin knows how Han characters are read, without tones: enough to tell that a password holds a name
// (guide 一.1: 尽量不要以姓名拼音…作为密码或者密码的组成部分).
//
// It gives every reading of each character and never chooses between them, never looks at words, and does no work until
// it is first asked: the readings lie compressed in the program. They are made from the dictionary of
// github.com/mozillazg/go-pinyin by the command in gen, the only importer of it, since its tables cost every start of a
// program that links them.
package pinyin

//go:generate go run ./gen
