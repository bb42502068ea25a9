package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

type policyRow struct {
	Name          string         `db:"name" json:"name"`
	Kind          string         `db:"kind" json:"kind"`
	Value         string         `db:"value" json:"value"`
	Default       string         `db:"default_value" json:"default_value"`
	Minimum       *int64         `db:"minimum" json:"minimum"`
	Maximum       *int64         `db:"maximum" json:"maximum"`
	Choices       pq.StringArray `db:"choices" json:"choices"`
	DescriptionEN string         `db:"description_en" json:"description_en"`
	DescriptionZH string         `db:"description_zh" json:"description_zh"`
	UpdatedAt     *time.Time     `db:"updated_at" json:"updated_at"`
	UpdatedBy     *string        `db:"updated_by" json:"updated_by"`
}

func (r policyRow) policy(lang account.Language) account.Policy {
	return account.Policy{Name: r.Name, Kind: r.Kind, Value: r.typed(r.Value), Default: r.typed(r.Default), Minimum: r.Minimum, Maximum: r.Maximum,
		Choices: append([]string{}, r.Choices...), Description: lang.Pick(r.DescriptionEN, r.DescriptionZH), UpdatedAt: utcp(r.UpdatedAt), UpdatedBy: r.UpdatedBy}
}

// typed gives a number as a number; the database holds text.
func (r policyRow) typed(value string) any {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && r.Kind != account.PolicyChoice {
		return n
	}
	return value
}

const policyColumns = `name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh, updated_at, updated_by`

// Policies lists all policies by name, described in the language.
func (s *Store) Policies(ctx context.Context, lang account.Language) ([]account.Policy, error) {
	rows, err := many[policyRow](ctx, s, `SELECT `+policyColumns+` FROM api.policy ORDER BY name`)
	return convert(rows, func(r policyRow) account.Policy { return r.policy(lang) }), err
}

// Policy reads one policy.
func (s *Store) Policy(ctx context.Context, name string, lang account.Language) (account.Policy, error) {
	row, found, err := one[policyRow](ctx, s, `SELECT `+policyColumns+` FROM api.policy WHERE name = $1`, name)
	if err == nil && !found {
		err = account.NewFault("POLICY_NOT_FOUND")
	}
	return row.policy(lang), err
}

// SetPolicy gives a policy a value; default is its default.
func (s *Store) SetPolicy(ctx context.Context, c Caller, name, value string) (account.Policy, error) {
	var row policyRow
	err := s.change(ctx, c, &row, `SELECT api.set_policy($1, $2, $3)`, name, value)
	return row.policy(c.Language), err
}
