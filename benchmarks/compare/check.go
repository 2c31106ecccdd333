package main

import (
	"fmt"
	"reflect"
)

// same returns an error if two outputs differ.
func same(want, got any) error {
	if !reflect.DeepEqual(want, got) {
		return fmt.Errorf("outputs differ:\npeer %v\nours %v", want, got)
	}
	return nil
}
