// Package auth says who asks. A person logs in over HTTP by name and password
// (Basic, as QGIS does), by the session cookie of a browser, by a bearer token
// of another system, or through the city's identity provider; the same name
// and password open PostgreSQL, where the person is a login role.
//
// [Service.Admit] decides the actor of a request once, before anything else is
// done with it. What an actor may do is not decided here: that follows from
// the declarations of the layers and is enforced by the database.
//
// Passwords are kept as argon2id, which costs tens of milliseconds and 19 MiB
// each time, so right and wrong ones are remembered for some minutes under a
// key that only this process has. Persons, sessions and tokens are looked up
// at most every two seconds each; while the database is away, who is known
// goes on reading for some minutes and edits nothing.
//
// [Directory] adds and changes people, for the command line and for
// administrators alike.
package auth
