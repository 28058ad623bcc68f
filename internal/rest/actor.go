package rest

import (
	"context"

	"github.com/simtaru/simtaru/internal/plan"
)

type actorKey struct{}

// WithActor returns a context that carries who asks.
func WithActor(ctx context.Context, a plan.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who asks: the public, where nobody has logged in.
func ActorOf(ctx context.Context) plan.Actor {
	a, _ := ctx.Value(actorKey{}).(plan.Actor)
	return a
}
