// Package masto holds the Account and Profile entities of the Mastodon REST API and the logic that belongs to them.
package masto
