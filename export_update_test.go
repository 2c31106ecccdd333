package masto

// What the external tests need of the inside.
var HumanSize = humanSize
