const head = (method: string, target: string, more = ''): string =>
  `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n${more}`;

const withBody = (method: string, target: string, body: string, type = 'application/json'): string =>
  `${head(method, target, `Content-Type: ${type}\r\nContent-Length: #\r\n`)}\r\n${body}`;

const event = (members: string): string =>
  withBody('POST', '/components/counter', `{"state":"$state","page":"$page",${members}}`);

/** Requests to every address of the module; `#` is the length of the body, unless somebody lies. */
export const REQUESTS: readonly string[] = [
  `${head('GET', '/components/counter?start=3')}\r\n`,
  `${head('GET', '/components/counter?start[__proto__][polluted]=1', 'Accept: text/html\r\n')}\r\n`,
  `${head('GET', '/components/held')}\r\n`,
  `${head('GET', '/components/__proto__')}\r\n`,
  `${head('GET', '/components/-/client.js')}\r\n`,
  `${head('GET', '/components/-/..%2f..%2fpackage.json')}\r\n`,
  `${head('GET', '/components/-/health/live')}\r\n`,
  `${head('GET', '/components/-/health/ready')}\r\n`,
  `${head('GET', '/components/-/health/%2e%2e')}\r\n`,
  `${head('GET', '/components/-/metrics')}\r\n`,
  `${head('GET', '/components/-/pushes?sub=counter:$state&page=$page', 'Last-Event-ID: b.g:1\r\n')}\r\n`,
  `${head('GET', '/components/-/pushes?sub=counter:$state&sub=held:$held')}\r\n`,
  `${head('GET', '/components/-/pushes?sub[__proto__]=x&sub[a]=y')}\r\n`,
  `${head('GET', '/components/-/poll?sub=counter:$state&page=$page&since=0')}\r\n`,
  `${head('GET', '/components/-/poll?sub=counter:x&sub=:&sub=&page=$page')}\r\n`,
  `${head('GET', '/components/-/socket/?EIO=4&transport=polling')}\r\n`,
  `${head('GET', '/components/-/socket/?EIO=4&transport=__proto__')}\r\n`,
  `${head('GET', '/components/-/socket/?EIO=4&transport=constructor&sid=x')}\r\n`,
  withBody('POST', '/components/-/socket/?EIO=4&transport=polling&sid=x', '40\x1e41', 'text/plain'),
  event('"event":"increment"'),
  event('"event":"increment","seq":1'),
  event('"event":"anything","payload":{"a":[1,{"b":2}]}'),
  event('"event":"$set","fields":{"note":"n","count":5}'),
  event('"event":"forbidden"'),
  withBody(
    'POST',
    '/components/counter',
    'state=$state&event=increment&payload[a]=1',
    'application/x-www-form-urlencoded',
  ),
  withBody('POST', '/components/counter', 'state=$state&__proto__[x]=1&a[b][c]=2', 'application/x-www-form-urlencoded'),
  withBody('POST', '/components/held', '{"state":"$held","event":"append","payload":{"text":"x"},"page":"$page"}'),
  withBody('POST', '/components/counter/stream', '{"state":"$state","event":"increment","page":"$page"}'),
  withBody('POST', '/components/counter', '--b\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'),
  withBody('POST', '/components/counter', '{"a":1}', 'application/json; charset=utf-7'),
  withBody('DELETE', '/components/counter', '{"state":"$state","page":"$page"}'),
  withBody('PUT', '/components/counter', '{}'),
  `${head('POST', '/components/counter', 'Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n')}\r\n7\r\n{"a":1}\r\n0\r\n\r\n`,
  `${head('POST', '/components/counter', 'Content-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: 2\r\n')}\r\n{}`,
  `${head('OPTIONS', '*')}\r\n`,
  `${head('HEAD', '/components/counter')}\r\n`,
];
