// Package memstore keeps accounts and pictures in memory. It has a
// [masto.Store] and a [masto.MediaStore] for tests, examples and trials.
//
// Nothing outlives the process. To keep the data of a server, use the packages
// sqlstore and dirstore, or stores of your own.
package memstore
