package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// throughput asks addr for the paths in turn over keep-alive connections for
// the duration and returns answers a second. The client writes and reads the
// wire itself: a full HTTP client would take most of the machine and hide the
// server behind it.
func throughput(ctx context.Context, addr string, paths []string, connections int, d time.Duration) (float64, error) {
	requests := make([][]byte, len(paths))
	for i, p := range paths {
		requests[i] = []byte("GET " + p + " HTTP/1.1\r\nHost: " + addr + "\r\nAccept-Encoding: gzip\r\n\r\n")
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var done atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, connections)
	start := time.Now()
	for c := range connections {
		wg.Go(func() {
			if err := pump(ctx, addr, requests, c*7919, &done); err != nil && ctx.Err() == nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
	}
	return float64(done.Load()) / time.Since(start).Seconds(), nil
}

func pump(ctx context.Context, addr string, requests [][]byte, at int, done *atomic.Int64) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	for ; ctx.Err() == nil; at++ {
		if _, err := conn.Write(requests[at%len(requests)]); err != nil {
			return err
		}
		if err := discardAnswer(r); err != nil {
			return err
		}
		done.Add(1)
	}
	return nil
}

var contentLength, chunked = []byte("Content-Length:"), []byte("Transfer-Encoding: chunked")

// discardAnswer reads one answer with a Content-Length, in chunks, or without a body.
func discardAnswer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || line[9] != '2' {
		return fmt.Errorf("unexpected answer %q", line)
	}
	length := int64(0)
	for {
		line, err = r.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = textproto.TrimBytes(line)
		if len(line) == 0 {
			break
		}
		if bytes.HasPrefix(line, contentLength) {
			if length, err = strconv.ParseInt(string(textproto.TrimBytes(line[len(contentLength):])), 10, 64); err != nil {
				return err
			}
		}
		if bytes.Equal(line, chunked) {
			length = -1
		}
	}
	if length < 0 {
		return discardChunks(r)
	}
	_, err = io.CopyN(io.Discard, r, length)
	return err
}

func discardChunks(r *bufio.Reader) error {
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(textproto.TrimBytes(line)), 16, 64)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, size+2); err != nil {
			return err
		}
		if size == 0 {
			return nil
		}
	}
}

// sample is a set of durations.
type sample []time.Duration

// quantile returns the q-quantile (0..1) by nearest rank; 0 for no values.
func (s sample) quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func (s sample) median() time.Duration { return s.quantile(0.5) }
