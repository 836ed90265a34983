// The bench's server in Go: one goroutine a connection, the standard library as it is.
//
//	server MODE [--path FILE]
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
)

const (
	copies = 16
	buffer = 64 * 1024
	body   = "Hello, world!\n"
)

var answered atomic.Int64

func main() {
	mode, size, _ := strings.Cut(os.Args[1], ":")
	listener, err := listen()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go serve(listener, mode, size)
	port := 0
	if address, ok := listener.Addr().(*net.TCPAddr); ok {
		port = address.Port
	}
	fmt.Printf("{\"port\":%d,\"go\":%q}\n", port, runtime.Version())
	obey()
}

func listen() (net.Listener, error) {
	if len(os.Args) > 3 && os.Args[2] == "--path" {
		return net.Listen("unix", os.Args[3])
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// One line on stdin, one answer on stdout; the end of stdin is the end.
func obey() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "gc":
			runtime.GC()
			fmt.Println("{}")
		case "count":
			fmt.Printf("{\"answered\":%d}\n", answered.Load())
		default:
			fmt.Println("{}")
		}
	}
}

func serve(listener net.Listener, mode, size string) {
	handler := http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		answered.Add(1)
		response.Header().Set("Content-Type", "text/plain")
		response.Header().Set("Content-Length", strconv.Itoa(len(body)))
		io.WriteString(response, body)
	})
	switch mode {
	case "http":
		http.Serve(listener, handler)
	case "https":
		err := http.ServeTLS(listener, handler, os.Getenv("BENCH_CERTIFICATE"), os.Getenv("BENCH_KEY"))
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	chunk := sourceChunk(size)
	var waiting net.Conn
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		switch mode {
		case "sink":
			go sink(connection)
		case "source":
			go source(connection, chunk)
		case "burst":
			go echo(connection, copies)
		case "forward":
			if waiting == nil {
				waiting = connection
				continue
			}
			go forward(waiting, connection)
			go forward(connection, waiting)
			waiting = nil
		default:
			go echo(connection, 1)
		}
	}
}

func echo(connection net.Conn, times int) {
	defer connection.Close()
	bytes := make([]byte, buffer)
	for {
		length, err := connection.Read(bytes)
		for i := 0; i < times && length > 0; i++ {
			if _, failed := connection.Write(bytes[:length]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func sink(connection net.Conn) {
	defer connection.Close()
	bytes := make([]byte, buffer)
	received := 0
	for {
		length, err := connection.Read(bytes)
		received += length
		if err != nil {
			break
		}
	}
	fmt.Fprint(connection, received)
}

func source(connection net.Conn, chunk []byte) {
	defer connection.Close()
	request := make([]byte, 64)
	length, err := connection.Read(request)
	if err != nil {
		return
	}
	left, _ := strconv.Atoi(string(request[:length]))
	for left > 0 {
		part := chunk[:min(left, len(chunk))]
		if _, err := connection.Write(part); err != nil {
			return
		}
		left -= len(part)
	}
}

func sourceChunk(size string) []byte {
	length, _ := strconv.Atoi(size)
	chunk := make([]byte, length)
	for i := range chunk {
		chunk[i] = byte(i*31 + (i>>8)*17)
	}
	return chunk
}

// io.Copy between two TCP connections is splice(2).
func forward(to, from net.Conn) {
	io.Copy(to, from)
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}
