package postgis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// privileges follow Layer.Access. Who may read the present may read the past.
// An administrator may do everything but write what the database itself keeps;
// the reader is the server's own.
func (t table) privileges() []string {
	everybody := roleNames(plan.Roles) + ", simtaru_reader"
	read := append(slices.Clone(t.layer.Access.Read), t.layer.Access.Edit...)
	all := []string{
		fmt.Sprintf("revoke all on %s, %s from public, %s", t.live, t.history, everybody),
		fmt.Sprintf("grant select on %s, %s to %s, simtaru_reader", t.live, t.history, roleNames(read)),
		fmt.Sprintf("revoke all on function %s(), %s() from public", t.check, t.record),
	}
	if t.layer.Access.System {
		return all
	}
	return append(all, fmt.Sprintf("grant insert, update, delete on %s to %s", t.live, roleNames(t.layer.Access.Edit)))
}

// roleNames lists database roles, admin always among them.
func roleNames(roles []plan.Role) string {
	names := []string{"simtaru_admin"}
	for _, r := range roles {
		if name := roleName(r); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func roleName(r plan.Role) string { return ident("simtaru_" + string(r)) }

// narrowRole asks for the scope: see bootstrap.sql and Store.Edit.
const narrowRole = "simtaru_narrow"

// policy is one of row-level security.
type policy struct {
	table, name string
	// kind is permissive or restrictive, command what the policy is about.
	kind, command string
	roles         string
	// using is which rows; those that are written are checked by the same.
	using string
}

func (p policy) String() string {
	return fmt.Sprintf("create policy %s on %s as %s for %s to %s using (%s)", p.name, p.table, p.kind, p.command, p.roles, p.using)
}

// policies let in whom the privileges let in, and keep a transaction that is
// narrowed to some layers out of the others. The scope is asked of the narrow
// roles alone: a condition that is not constant comes before every condition
// of a query that is not leakproof, && among them, and would cost everybody
// who draws the layer in QGIS its spatial index.
func (t table) policies() []policy {
	read := append(slices.Clone(t.layer.Access.Read), t.layer.Access.Edit...)
	scope := fmt.Sprintf("(select simtaru.in_scope(%s))", literal(t.layer.ID))
	readers := roleNames(read) + ", simtaru_reader"
	all := []policy{
		{t.live, "reads", "permissive", "select", readers, "true"},
		{t.live, "narrow", "restrictive", "all", narrowRole, scope},
		{t.history, "reads", "permissive", "select", readers, "true"},
		{t.history, "narrow", "restrictive", "all", narrowRole, scope},
	}
	if t.layer.Access.System {
		return all
	}
	return append(all, policy{t.live, "edits", "permissive", "all", roleNames(t.layer.Access.Edit), "true"})
}

// rowSecurity switches the policies on. The owner, under whom imports and the
// triggers' recording run, is not subject to them.
func (t table) rowSecurity() []string {
	all := []string{
		fmt.Sprintf("alter table %s enable row level security", t.live),
		fmt.Sprintf("alter table %s enable row level security", t.history),
	}
	for _, p := range t.policies() {
		all = append(all, fmt.Sprintf("drop policy if exists %s on %s", p.name, p.table), p.String())
	}
	return all
}
