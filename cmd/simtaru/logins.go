package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

// loginFlags say how people come in to the server.
type loginFlags struct {
	TrustedProxy []netip.Prefix `name:"trusted-proxy" env:"SIMTARU_TRUSTED_PROXY" placeholder:"CIDR" help:"Network of reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8. May be repeated."`
	OIDCIssuer   string         `name:"oidc-issuer" env:"SIMTARU_OIDC_ISSUER" placeholder:"URL" help:"Identity provider of the city (OpenID Connect). Its secret is read from SIMTARU_OIDC_CLIENT_SECRET."`
	OIDCClientID string         `name:"oidc-client-id" env:"SIMTARU_OIDC_CLIENT_ID" help:"Name of this service at the identity provider."`
	OIDCTitle    string         `name:"oidc-title" env:"SIMTARU_OIDC_TITLE" help:"What the login button calls the identity provider."`
}

// logins makes what checks them.
func (f loginFlags) logins(a *app, db *database, catalog auth.Catalog, public string, registry *prometheus.Registry) (*auth.Service, error) {
	config := auth.Config{PublicURL: public, Proxies: f.TrustedProxy}
	if f.OIDCIssuer != "" {
		if f.OIDCClientID == "" {
			return nil, &plan.Error{Kind: plan.Invalid, Code: "bad-option", At: "--oidc-issuer", Message: plan.Text{
				ID: "--oidc-client-id harus diisi juga", EN: "--oidc-client-id is needed as well",
			}}
		}
		config.OIDC = &auth.OIDC{
			Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, ClientSecret: os.Getenv("SIMTARU_OIDC_CLIENT_SECRET"), Title: f.OIDCTitle,
		}
	}
	s, err := auth.New(config, auth.Deps{Store: db, Catalog: catalog, Log: a.log, Registry: registry})
	if err != nil {
		return nil, fmt.Errorf("prepare logins: %w", err)
	}
	return s, nil
}

// restoreRoles makes login roles that a copy of the database came without.
func restoreRoles(ctx context.Context, a *app, db *database) error {
	names, err := db.RestoreRoles(ctx)
	if postgis.Away(err) {
		return err
	}
	if err != nil {
		a.log.Error("people without a login role in PostgreSQL cannot edit", "people", names, "err", err)
	} else if len(names) > 0 {
		a.log.Warn("login roles were made anew; PostgreSQL lets these people in once they have a new password", "people", names)
	}
	return nil
}

// firstAdmin says how to make one while there is nobody.
func firstAdmin(ctx context.Context, a *app, db *database) error {
	people, err := db.People(ctx)
	if err != nil || len(people) > 0 {
		return err
	}
	say(os.Stderr, a.lang,
		"Belum ada yang dapat masuk. Buat admin pertama: simtaru user add NAMA --role admin\n",
		"Nobody can log in yet. Make the first administrator: simtaru user add NAME --role admin\n")
	return nil
}
