// Package memstore keeps accounts and pictures in memory: a [masto.Store] and a [masto.MediaStore] for tests, examples and trials.
// Nothing outlives the process. For a server's data there are the packages sqlstore and dirstore, or an adapter of your own.
package memstore
