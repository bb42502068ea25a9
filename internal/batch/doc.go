// Package batch reads files of registrations row by row, and keeps the journal of a run, so that it can go on where it
// was cut short. It knows neither the database nor what a good registration is.
package batch
