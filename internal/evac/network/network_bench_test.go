package network_test

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
)

func BenchmarkNew(b *testing.B) {
	for name, all := range map[string][]*network.Feature{"jakarta": jakarta(b), "city": city(5)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				network.New(all, network.Options{})
			}
		})
	}
}

// BenchmarkApply moves a vertex of one road after another.
func BenchmarkApply(b *testing.B) {
	for name, all := range map[string][]*network.Feature{"jakarta": jakarta(b), "city": city(5)} {
		n := network.New(all, network.Options{})
		b.Run(name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i = (i + 7919) % len(all)
				f := *all[i]
				f.Revision++
				f.Geometry = orb.MultiLineString{append(orb.LineString{{f.Geometry[0][0][0] + 1e-5, f.Geometry[0][0][1]}}, f.Geometry[0]...)}
				n.Apply([]network.Change{{Key: f.Key, Feature: &f}})
			}
		})
	}
}

func BenchmarkLocate(b *testing.B) {
	n := network.New(jakarta(b), network.Options{})
	p := profiles(b)["foot"]
	i := 0
	for b.Loop() {
		i = (i + 7919) % len(n.Nodes)
		at := n.Nodes[i]
		if n.Locate(network.Nearby{Point: orb.Point{at[0] + 3e-4, at[1] + 2e-4}, Within: 3000, Profile: p}) == nil {
			b.Fatal("no place")
		}
	}
}

func BenchmarkWeights(b *testing.B) {
	n := network.New(jakarta(b), network.Options{})
	p := profiles(b)["foot"]
	for b.Loop() {
		n.Weights(p, nil)
	}
}
