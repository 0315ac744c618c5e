// Makes a clone ready to run, on whatever Node it was started with: plain JavaScript, for Node 18 and later, without packages.
//
//   node cli/setup.mjs          installs what is missing, and sees to a Node that is new enough
//   node cli/setup.mjs --link   npm's prepare script: no install, only the link to that Node and the stamp

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './setup/lock.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const link = join(modules, '.bin', 'node');
const stampFile = join(modules, '.burnline-setup');

const { engines, optionalDependencies = {} } = readJson(join(root, 'package.json'));
const oldest = engines.node.replace('>=', '');
const running = process.versions.node;
const packaged = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`].find(
  name => name in optionalDependencies,
);

class SetupError extends Error {}

/** Installs and links where needed, one process at a time. */
async function setup() {
  if (process.platform === 'win32') {
    throw new SetupError('on Windows, Burnline runs inside WSL (`wsl --install`): clone it there and run this again');
  }
  if (!isNewEnough(running) && packaged === undefined) {
    throw new SetupError(
      `${needsNode()}, and none is packaged for ${process.platform} ${process.arch}: ${installNode()}`,
    );
  }
  if (isReady()) return;
  const release = await takeLock(join(root, '.burnline', 'setup.lock'), () =>
    say('waiting for the setup that another process runs …'),
  );
  try {
    if (!isReady()) await makeReady();
  } finally {
    release();
  }
}

async function makeReady() {
  const startedMs = Date.now();
  const mustInstall = readText(stampFile) !== stamp();
  if (mustInstall) await install();
  const version = linkNode();
  if (version === undefined && !isNewEnough(running)) {
    // The next run is to install again rather than trust what is there.
    rmSync(stampFile, { force: true });
    throw new SetupError(
      `${needsNode()}, and the packaged one (${packaged}) does not run on this machine: ${installNode()}`,
    );
  }
  const done = [];
  if (mustInstall) {
    writeStamp();
    done.push(`installed the dependencies with npm ci in ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
  if (!isNewEnough(running)) {
    done.push(`made npm's scripts run on the packaged Node ${version}, for this is Node ${running}`);
  }
  say(done.join(', and '));
}

/** Installs everything of the lockfile that belongs on this machine, also where NODE_ENV or a setting would leave something out. */
async function install() {
  const hadStamp = existsSync(stampFile);
  rmSync(stampFile, { force: true });
  if (process.stderr.isTTY) say(`${hadStamp ? 'package-lock.json has changed: ' : ''}installing the dependencies …`);
  // Not from node_modules/.bin: that Node is about to be removed.
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => resolve(folder) !== dirname(link));
  await npmCi(path);
  // On a Node too old for it, npm leaves an optional package out without a word: again, on the Node that came with the others.
  if (missingPackages().length > 0 && linkNode() !== undefined) await npmCi([dirname(link), ...path]);
  const missing = missingPackages();
  if (missing.length > 0) {
    const names = missing.slice(0, 5).join(', ');
    throw new SetupError(`npm ci left out ${names}: the registry did not hand it over, so run this again`);
  }
}

async function npmCi(path) {
  const cli = process.env.npm_execpath;
  const [command, ...before] = cli?.endsWith('npm-cli.js') ? ['node', cli] : ['npm'];
  const args = [...before, 'ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const { code, signal, error } = await run(command, args, { ...process.env, PATH: path.join(delimiter) });
  if (error) {
    throw new SetupError(`npm could not be started (${error.message}): install npm 10 or newer, which comes with Node`);
  }
  if (signal) {
    process.exitCode = 128 + constants.signals[signal];
    throw new SetupError(`stopped by ${signal} while installing; the next run installs afresh`);
  }
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with ${code}, and says why above: without a network, connect and run this again; if package.json was edited, run npm run relock`,
    );
  }
}

/** Runs a command to its end, also when this process is told to stop meanwhile: nothing may go on installing behind our back. */
function run(command, args, env) {
  return new Promise(done => {
    // npm's summary on stdout is not ours to print; its errors go to stderr.
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    let stoppedBy;
    const stop = signal => {
      stoppedBy = signal;
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    const end = result => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
      done(result);
    };
    child.once('error', error => end({ error }));
    child.once('close', (code, signal) => end({ code, signal: stoppedBy ?? signal }));
  });
}

/** Makes node_modules/.bin/node where npm has not; its version, or `undefined` where there is no packaged Node that runs. */
function linkNode() {
  if (packaged === undefined || !existsSync(join(modules, packaged))) return undefined;
  if (!existsSync(link)) {
    const bin = join(modules, packaged, readJson(join(modules, packaged, 'package.json')).bin.node);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), bin), link);
  }
  try {
    return execFileSync(link, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .slice(1);
  } catch {
    // First in the PATH of every npm script, a Node that does not run (built for another libc) would hide one that does.
    rmSync(link, { force: true });
    return undefined;
  }
}

/** What `npm ci` or `npm install` by hand needs afterwards. Says nothing and never fails an install. */
function linkOnly() {
  const version = linkNode();
  const complete = (version !== undefined || isNewEnough(running)) && missingPackages().length === 0;
  if (complete) writeStamp();
  else rmSync(stampFile, { force: true });
}

function isReady() {
  return readText(stampFile) === stamp() && (isNewEnough(running) || existsSync(link));
}

/** Which install this is: of which lockfile, and for which machine, since a folder may be copied or mounted elsewhere. */
function stamp() {
  const lockfile = readText(join(root, 'package-lock.json'));
  if (lockfile === undefined) throw new SetupError('package-lock.json is not there: take it from the repository again');
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform} ${process.arch}\n`;
}

function writeStamp() {
  writeFileSync(stampFile, stamp());
}

/** Packages of the lockfile that belong on this machine and are not there: left out on purpose, or by a failed download. */
function missingPackages() {
  const { packages } = readJson(join(root, 'package-lock.json'));
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && isWanted(entry) && !existsSync(join(root, path, 'package.json')))
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

function isWanted({ optional, os, cpu, libc }) {
  // An optional package of no platform may hang on one of another platform, so that npm leaves it out too.
  if (optional && os === undefined) return false;
  const fits = (wanted, here) => wanted === undefined || wanted.includes(here);
  return fits(os, process.platform) && fits(cpu, process.arch) && (libc === undefined || fits(libc, libcHere()));
}

function libcHere() {
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function needsNode() {
  return `Burnline needs Node ${oldest} or newer, this is ${running}`;
}

function installNode() {
  return `install Node ${oldest} or newer from https://nodejs.org and run this again`;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function say(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
}

try {
  if (process.argv.includes('--link')) linkOnly();
  else await setup();
} catch (error) {
  say(error instanceof SetupError ? error.message : `failed: ${error.message}`);
  process.exitCode ||= 1;
}
