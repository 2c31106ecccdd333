module github.com/seed-374a2035/masto/benchmarks

go 1.26.0

replace github.com/seed-374a2035/masto => ../

require (
	github.com/clipperhouse/uax29/v2 v2.7.0
	github.com/microcosm-cc/bluemonday v1.0.27
	github.com/seed-374a2035/masto v0.0.0-00010101000000-000000000000
	github.com/yuin/goldmark v1.8.7
	golang.org/x/net v0.62.0
)

require (
	github.com/aymerick/douceur v0.2.0 // indirect
	github.com/gorilla/css v1.0.1 // indirect
	golang.org/x/text v0.43.0 // indirect
)
