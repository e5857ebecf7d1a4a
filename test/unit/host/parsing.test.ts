import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containersOf, engineOf } from '../../../source/core/host/engines.ts';
import { parsePorts } from '../../../source/core/host/ports.ts';
import { parseSections } from '../../../source/core/host/sections.ts';
import { clockSkewOf, parseDisk, parseKernel, parseLoad } from '../../../source/core/host/system.ts';
import { tailscaleOf } from '../../../source/core/host/tailscale.ts';

const mark = '00112233445566778899aabb';

describe('sections', () => {
  test('each command has its words and its status; one that was cut off has none', () => {
    const output = `banner of a profile\n${mark} kernel\nLinux\n\n${mark} = 0\n${mark} ports\nno ss\n\n${mark} = 127\n${mark} load\n0.1`;
    expect(parseSections(output, mark)).toEqual([
      { name: 'kernel', status: 0, text: 'Linux' },
      { name: 'ports', status: 127, text: 'no ss' },
      { name: 'load', text: '0.1' },
    ]);
  });

  test('output cannot forge a frame without the mark', () => {
    const output = `${mark} version\n= 0\n@@ version\n0 = 0\n\n${mark} = 1\n`;
    expect(parseSections(output, mark)).toEqual([
      { name: 'version', status: 1, text: '= 0\n@@ version\n0 = 0' },
    ]);
  });
});

describe('kernel and load', () => {
  test.each([
    ['Linux', '0.42 0.36 0.30 1/512 12345\n4', { one: 0.42, five: 0.36, fifteen: 0.3, cpus: 4 }],
    ['macOS', '{ 1.82 2.01 1.95 }\n10', { one: 1.82, five: 2.01, fifteen: 1.95, cpus: 10 }],
    [
      'uptime',
      ' 10:01:02 up 3 days,  1 user,  load average: 0.00, 0.01, 0.05\n2',
      { one: 0, five: 0.01, fifteen: 0.05, cpus: 2 },
    ],
    ['a comma locale', '{ 1,82 2,01 1,95 }\n8', { one: 1.82, five: 2.01, fifteen: 1.95, cpus: 8 }],
    ['no processors', '0.42 0.36 0.30 1/512 12345', undefined],
    ['an error', 'cat: /proc/loadavg: Permission denied', undefined],
  ])('load of %s', (_name, text, load) => {
    expect(parseLoad(text)).toEqual(load);
  });

  test('kernel', () => {
    expect(parseKernel('Linux\n6.1.0-28-amd64\nx86_64')).toEqual({
      system: 'Linux',
      release: '6.1.0-28-amd64',
      machine: 'x86_64',
    });
    expect(parseKernel('Linux')).toBeUndefined();
  });
});

describe('disks', () => {
  const head = 'Filesystem     1024-blocks      Used Available Capacity Mounted on';
  test('GNU, BusyBox and macOS, with spaces in both names', () => {
    expect(parseDisk('/', `/\n${head}\n/dev/vda1 103081248 51540624 46259292 53% /`)).toEqual({
      path: '/',
      mount: '/',
      size: 103081248 * 1024,
      available: 46259292 * 1024,
    });
    expect(parseDisk('/srv/a', `/srv\n${head}\n//nas/my share 1000 10 990 1% /mnt/my disk`)).toEqual({
      path: '/srv/a',
      nearest: '/srv',
      mount: '/mnt/my disk',
      size: 1_024_000,
      available: 990 * 1024,
    });
    expect(parseDisk('/', `/\n${head}\nmap auto_home 0 0 0 100% /home`)?.size).toBe(0);
  });

  test('a file system that is over its reserve has nothing available', () => {
    expect(parseDisk('/', `/\n${head}\n/dev/sda1 1000 1050 -50 106% /`)?.available).toBe(0);
  });

  test('words of an error are no disk', () => {
    expect(parseDisk('/', '/\ndf: /: Permission denied')).toBeUndefined();
  });
});

describe('clock', () => {
  const now = Date.UTC(2026, 0, 1);
  const at = (offset: number): string => ((now + offset) / 1000).toFixed(9);
  test('a difference that the way there and back explains is none', () => {
    expect(clockSkewOf(at(150), now, now + 300)).toBe(0);
    expect(clockSkewOf(String(Math.floor(now / 1000)), now + 400, now + 500)).toBe(0);
  });
  test('a clock that is ahead or behind', () => {
    expect(clockSkewOf(at(60_050), now, now + 100)).toBeCloseTo(60, 3);
    expect(clockSkewOf(at(-3_600_000 + 50), now, now + 100)).toBeCloseTo(-3600, 3);
    expect(clockSkewOf(`${now / 1000 + 90}.N`, now, now + 1000)).toBe(90);
  });
  test('no number, no skew', () => {
    expect(clockSkewOf('date: illegal option', now, now)).toBeUndefined();
  });
});

describe('listening ports', () => {
  test('ss', () => {
    const text = `ss
State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
LISTEN 0      4096   127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=512,fd=14))
LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=801,fd=3),("x",pid=1,fd=2))
LISTEN 0      128             [::]:22            [::]:*
LISTEN 0      128                *:9092             *:*`;
    expect(parsePorts(text)).toEqual([
      { address: '::', port: 22 },
      { address: '0.0.0.0', port: 22, process: 'sshd' },
      { address: '127.0.0.53%lo', port: 53, process: 'systemd-resolve' },
      { address: '*', port: 9092 },
    ]);
  });

  test('netstat of Linux and of macOS', () => {
    const linux = `netstat
Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 127.0.0.1:631           0.0.0.0:*               LISTEN      871/cupsd
tcp6       0      0 :::22                   :::*                    LISTEN      801/sshd: /usr/sbin`;
    expect(parsePorts(linux)).toEqual([
      { address: '::', port: 22, process: 'sshd' },
      { address: '127.0.0.1', port: 631, process: 'cupsd' },
    ]);
    const mac = `netstat
tcp4       0      0  127.0.0.1.631          *.*                    LISTEN
tcp46      0      0  *.22                   *.*                    LISTEN
tcp4       0      0  10.0.0.2.50000         1.2.3.4.443            ESTABLISHED`;
    expect(parsePorts(mac)).toEqual([
      { address: '*', port: 22 },
      { address: '127.0.0.1', port: 631 },
    ]);
  });

  test('/proc/net/tcp and tcp6', () => {
    const text = `proc
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 0 1
   1: 0100007F:0CEA 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0 0 1
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   2: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   3: B80D01200000000000000000010000FE:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000`;
    expect(parsePorts(text)).toEqual([
      { address: '::', port: 22 },
      { address: '127.0.0.1', port: 80 },
      { address: '2001:db8::fe00:1', port: 81 },
      { address: '127.0.0.1', port: 3306 },
      { address: '::1', port: 8080 },
    ]);
  });

  test('a process name cannot steer the terminal', () => {
    const text = 'ss\nLISTEN 0 1 0.0.0.0:1 0.0.0.0:* users:(("\u001b[2Jevil\u202e",pid=1,fd=1))';
    expect(parsePorts(text)).toEqual([{ address: '0.0.0.0', port: 1, process: 'evil' }]);
  });
});

describe('engines', () => {
  const ok = (name: string, text: string) => ({ name, status: 0, text });
  const docker = JSON.stringify({
    Names: 'bazel-remote',
    Image: 'buchgr/bazel-remote-cache:v2.6.1',
    State: 'running',
    Status: 'Up 2 hours',
    Ports: '0.0.0.0:9090->8080/tcp',
  });

  test('docker, with a warning among its words', () => {
    const found = engineOf('docker', [
      ok('version', 'WARNING: x\n28.2.2'),
      ok('containers', `WARNING: y\n${docker}\n[1]`),
    ]);
    expect(found).toEqual({
      engine: { name: 'docker', version: { value: '28.2.2' } },
      containers: {
        value: [
          {
            engine: 'docker',
            name: 'bazel-remote',
            image: 'buchgr/bazel-remote-cache:v2.6.1',
            state: 'running',
            status: 'Up 2 hours',
            ports: '0.0.0.0:9090->8080/tcp',
          },
        ],
      },
    });
  });

  test('docker before 20.10 gives no state', () => {
    const line = (Status: string) =>
      engineOf('docker', [ok('version', '19.03'), ok('containers', JSON.stringify({ Names: 'a', Status }))]);
    expect(line('Up 3 days')?.containers).toMatchObject({ value: [{ state: 'running' }] });
    expect(line('Up 3 days (Paused)')?.containers).toMatchObject({ value: [{ state: 'paused' }] });
    expect(line('Exited (0) 2 days ago')?.containers).toMatchObject({ value: [{ state: 'exited' }] });
  });

  test('podman gives one array', () => {
    const list = JSON.stringify([
      {
        Names: ['web'],
        Image: 'docker.io/library/nginx',
        State: 'running',
        Status: 'Up 5 minutes',
        Ports: [{ host_ip: '', container_port: 80, host_port: 8080, range: 1, protocol: 'tcp' }],
      },
      { Names: ['idle'], Image: 'x', State: 'exited', Status: 'Exited (1)', Ports: null },
    ]);
    expect(engineOf('podman', [ok('version', '4.3.1'), ok('containers', list)])?.containers).toMatchObject({
      value: [
        { engine: 'podman', name: 'web', state: 'running', ports: '0.0.0.0:8080->80/tcp' },
        { engine: 'podman', name: 'idle', state: 'exited', ports: '' },
      ],
    });
  });

  test('a program that is absent is no engine', () => {
    expect(engineOf('docker', [ok('absent', '')])).toBeUndefined();
    expect(containersOf([])).toEqual({ value: [] });
  });

  test.each([
    [
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'needs-user',
      'docker-permission',
    ],
    [
      'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
      'needs-user',
      'docker-permission',
    ],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'unavailable',
      'docker-down',
    ],
    ['something else', 'unavailable', 'command-failed'],
  ])('%s', (text, kind, code) => {
    const found = engineOf('docker', [{ name: 'version', status: 1, text }]);
    expect(found?.engine.version).toMatchObject({ failure: { kind, code } });
    expect(found?.containers).toBeUndefined();
  });

  test('an engine that fails hides no other', () => {
    const failure = { kind: 'unavailable', tried: 't', saw: 's', next: ['n'], code: 'c' } as const;
    const value = [{ engine: 'podman', name: 'a', image: '', state: '', status: '', ports: '' }] as const;
    expect(containersOf([{ failure }, { value }])).toEqual({ value });
    expect(containersOf([{ failure }, undefined])).toEqual({ failure });
  });
});

describe('tailscale', () => {
  const status = (text: string, code = 0) => tailscaleOf([{ name: 'status', status: code, text }]);
  test('running, stopped, absent, no daemon', () => {
    const json = {
      BackendState: 'Running',
      TailscaleIPs: ['100.77.196.50', 'fd7a::1'],
      Self: { DNSName: 'honey.tail1234.ts.net.' },
    };
    expect(status(JSON.stringify(json))).toEqual({
      value: {
        running: true,
        addresses: ['100.77.196.50', 'fd7a::1'],
        saw: 'Running as honey.tail1234.ts.net',
      },
    });
    expect(status('{"BackendState":"Stopped","TailscaleIPs":null}', 1)).toEqual({
      value: { running: false, addresses: [], saw: 'Stopped' },
    });
    expect(tailscaleOf([{ name: 'absent', status: 0, text: '' }])).toMatchObject({
      value: { running: false },
    });
    expect(status('failed to connect to local tailscaled; it doesn’t appear to be running', 1)).toMatchObject(
      {
        value: { running: false, saw: expect.stringContaining('tailscaled') },
      },
    );
    expect(status('Segmentation fault', 139)).toMatchObject({ failure: { code: 'command-failed' } });
  });
});

test('no output, however hostile, breaks a parser or gets an escape through', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.json(),
    fc.constantFrom(
      '{',
      '[[[',
      '\u001b]0;x\u0007',
      'null',
      '[null]',
      '{"BackendState":{}}',
      `ss\n${'x '.repeat(9)}`,
    ),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 255 }), (words, status) => {
      const sections = ['version', 'containers', 'status'].map((name) => ({ name, status, text: words }));
      const seen = [
        parseKernel(words),
        parseLoad(words),
        parseDisk('/', words),
        parsePorts(`ss\n${words}`),
        parsePorts(`netstat\n${words}`),
        parsePorts(`proc\n${words}`),
        engineOf('docker', [{ name: 'version', status: 0, text: '1.2' }, ...sections.slice(1)]),
        engineOf('podman', [{ name: 'version', status: 0, text: '1.2' }, ...sections.slice(1)]),
        engineOf('docker', sections),
        tailscaleOf(sections),
        parseSections(words, mark),
      ].slice(0, -1);
      const strings: string[] = [];
      JSON.stringify(seen, (_key, value: unknown) => {
        if (typeof value === 'string') strings.push(value);
        return value;
      });
      expect(strings.filter((one) => /\p{Cc}|\p{Bidi_Control}/u.test(one))).toEqual([]);
    }),
  );
});
