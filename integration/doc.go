// Package integration tests the packages of masto with real database drivers
// and with encoding/json/v2. It exports nothing.
package integration
