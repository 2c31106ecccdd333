// Package integration tests the packages of masto with real database drivers,
// a real S3 server and encoding/json/v2. It exports nothing.
package integration
