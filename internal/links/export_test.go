package links

// For the tests of what is not exported.
var ASCIIHostLength = asciiHostLength
