package main

import "fmt"

// input is what the form shows of an attribute.
type input struct {
	ID, Name, Label, Value string
	Checked                bool
	Gauge                  gauge
	Problem                string
}

// Input returns a text with a counter, for the templates.
func (e *editor) Input(name, label, value string) input {
	return input{
		ID:      name,
		Name:    name,
		Label:   label,
		Value:   value,
		Gauge:   e.Counters[name],
		Problem: e.Problems[name],
	}
}

// Part returns the name or the value of a row of the form, for its counter.
func (e *editor) Part(index int, part string) input {
	name := fmt.Sprintf("fields_attributes[%d][%s]", index, part)
	return input{ID: fmt.Sprintf("%s-%d", part, index), Name: name, Gauge: e.Counters[name]}
}

// Check returns a box to check.
func (e *editor) Check(name, label string, checked bool) input {
	return input{Name: name, Label: label, Checked: checked}
}

// Option returns one of the choices of a list.
func (e *editor) Option(value, current, label string) input {
	return input{Value: value, Label: label, Checked: value == current}
}

// Decision returns the choices of a Boolean that the user need not decide.
func (e *editor) Decision(current *bool, yes, no string) []input {
	now := ""
	if current != nil {
		now = fmt.Sprint(*current)
	}
	return []input{
		e.Option("", now, e.L.T("Not decided")),
		e.Option("true", now, yes),
		e.Option("false", now, no),
	}
}
