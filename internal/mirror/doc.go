// Package mirror keeps the plan in memory, in step with the database.
//
// Each layer is one immutable [Snapshot]: an R-tree and an id-ordered B-tree
// of features, both copy-on-write. A reader takes the snapshot that is current
// and keeps it for as long as it works; a writer copies, changes the copy and
// publishes it with one atomic store. So reads never wait, and what a request
// sees never changes under it.
//
// [Mirror.Run] loads every layer as of one database snapshot and then follows
// the change feed. The feed's position is a set of transactions, not a largest
// id: sequence numbers are given before commit, so a lower id can become
// visible after a higher one (see plan.Position). A notification from the
// database is only a hint to look; nothing depends on it arriving.
//
// While the database is away the last snapshots go on being served, and
// [Mirror.Status] says how old they are.
package mirror
