# Two questions to a port of this machine, without curl.

is_port_busy() { (exec 7<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# answers PORT PATH: whether a GET is answered with 200.
answers() {
  local line
  {
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&7 &&
      IFS= read -r -t 5 line <&7 && [[ $line == HTTP/1.1\ 200* ]]
  } 2>/dev/null 7<>"/dev/tcp/127.0.0.1/$1"
}
