// Package integration tests the packages of masto with real drivers. It has nothing to import.
package integration
