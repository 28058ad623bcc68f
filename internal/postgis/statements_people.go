package postgis

import _ "embed"

// The statements about people, their sessions and tokens.
var (
	//go:embed sql/people.sql
	sqlPeople string
	//go:embed sql/bind_identity.sql
	sqlBindIdentity string
	//go:embed sql/add_person.sql
	sqlAddPerson string
	//go:embed sql/change_person.sql
	sqlChangePerson string
	//go:embed sql/admins.sql
	sqlAdmins string
	//go:embed sql/end_sessions.sql
	sqlEndSessions string
	//go:embed sql/end_connections.sql
	sqlEndConnections string
	//go:embed sql/login_role.sql
	sqlLoginRole string
	//go:embed sql/people_without_role.sql
	sqlWithoutRole string
	//go:embed sql/server_login.sql
	sqlServerLogin string
	//go:embed sql/web_session.sql
	sqlWebSession string
	//go:embed sql/add_web_session.sql
	sqlAddWebSession string
	//go:embed sql/end_web_session.sql
	sqlEndWebSession string
	//go:embed sql/tokens.sql
	sqlTokens string
	//go:embed sql/add_token.sql
	sqlAddToken string
	//go:embed sql/revoke_token.sql
	sqlRevokeToken string
	//go:embed sql/revoke_tokens.sql
	sqlRevokeTokens string
	//go:embed sql/touch_token.sql
	sqlTouchToken string
	//go:embed sql/prune_logins.sql
	sqlPruneLogins string
)
