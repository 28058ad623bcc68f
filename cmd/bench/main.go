// Command bench measures simtaru against PostGIS itself, in one run on one
// machine, and prints the figures as a table of ratios. It asserts nothing:
// what it prints is the result, good or bad.
//
// It makes a database of its own in a temporary directory, fills it with the
// demonstration city at the benchmark's size (100,000 parcels), and drives the
// built program over HTTP as a stranger would.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

type options struct {
	program string
	scale   int
	dir     string
	against rivals
	bare    string
	skip    string
	shared  string
}

// rivals are other tile servers that read the same database.
type rivals []rival

// rival names a server and its URL template with {layer}, {z}, {x} and {y}.
type rival struct{ name, url string }

func (r *rivals) String() string { return fmt.Sprint(*r) }

func (r *rivals) Set(s string) error {
	name, url, ok := strings.Cut(s, "=")
	if !ok || !strings.Contains(url, "{z}") {
		return fmt.Errorf("want NAME=URL with {layer}, {z}, {x} and {y}, got %q", s)
	}
	*r = append(*r, rival{name, url})
	return nil
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bin/simtaru", "the program to measure")
	flag.IntVar(&o.scale, "scale", 5, "size of the demonstration city; 5 is 100,000 parcels")
	flag.StringVar(&o.dir, "dir", "", "keep the database here and use it again; empty: a temporary one")
	flag.Var(&o.against, "against", "another tile server to compare with, NAME=URL with {layer}, {z}, {x}, {y}; may be repeated")
	flag.StringVar(&o.bare, "bare", "", "internal: serve the bytes of this file and nothing else")
	flag.StringVar(&o.skip, "skip", "", "sections to leave out, comma separated: cold,warm,items,fresh,editors,indicators,zoning,evacuation,extract,routing,plan,start")
	flag.StringVar(&o.shared, "shared", "../shared/data", "the folder of data for tests, where the sections routing and evacuation find roads of luxembourg and jakarta")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.bare != "" {
		exit(serveBare(ctx, o.bare))
	}
	fmt.Printf("simtaru bench: %d cores, %s %s/%s, demo --scale %d\n", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, o.scale)
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
