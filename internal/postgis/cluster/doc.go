// Package cluster runs a PostgreSQL with PostGIS of its own, for those who
// bring none: it finds the installed binaries, makes a data directory, starts
// the server as a child process and stops it again.
//
// Everything lives under one directory:
//
//	data/       the data directory (PGDATA)
//	run/        the Unix socket, where its path is short enough
//	log/        what PostgreSQL writes to standard error
//	lock        held while a process of ours uses the directory
//	port        the TCP port used last, so that saved QGIS connections stay true
//
// Who may connect: the superuser postgres only through the socket, which lies
// in a directory of mode 0700 and asks for a known operating-system user
// (peer); everybody else by password (SCRAM) on 127.0.0.1.
//
// PostgreSQL refuses to run as root. Started by root, it runs as the owner of
// the data directory, or as the user postgres when there is none yet.
//
// Order of events after a crash: when our process is killed, the kernel sends
// PostgreSQL the signal for a fast shutdown; when PostgreSQL is killed, it is
// started again and recovers from its log. A lock file left behind is never
// removed while any process still works in the data directory.
package cluster
