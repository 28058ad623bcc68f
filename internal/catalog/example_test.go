package catalog_test

import (
	"fmt"

	"github.com/simtaru/simtaru/internal/catalog"
)

// A colour without quotes is a comment to YAML; the fault says so.
func ExampleParseLayer() {
	_, err := catalog.ParseLayer([]byte(`
id: park
title: {id: Taman, en: Parks}
style:
  symbol:
    fill: #00FF00
`))
	for _, fault := range catalog.Faults(catalog.InFile("park.yaml", err)) {
		fmt.Println(fault.At)
		fmt.Println(fault.Message.EN)
	}
	// Output:
	// park.yaml:6: style.symbol.fill
	// the value is empty; fill it in or remove the key (a colour needs quotes: "#RRGGBB", since # starts a comment)
}
