// What AWS's runtime offers besides the language, in JavaScript: Buffer, atob, btoa, TextEncoder,
// TextDecoder, require('crypto' | 'querystring' | 'buffer').
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
// An expression: a function of `hash(algorithm, key or null, bytes)`, where bytes are strings of U+0000 to
// U+00FF, whose result has a property for each global name. It is evaluated in a run's own global, when a
// name is first used.
#pragma once

namespace landfall::javascript {

inline constexpr char kLibrary[] = R"js((hash) => {
  'use strict';
  const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const VALUES = new Map([...B64].map((c, i) => [c, i]).concat([['-', 62], ['_', 63]]));

  const utf8 = (text) => {
    const out = [];
    for (const c of String(text)) {
      let p = c.codePointAt(0);
      if (p >= 0xD800 && p < 0xE000) p = 0xFFFD;
      if (p < 0x80) out.push(p);
      else if (p < 0x800) out.push(0xC0 | p >> 6, 0x80 | p & 63);
      else if (p < 0x10000) out.push(0xE0 | p >> 12, 0x80 | p >> 6 & 63, 0x80 | p & 63);
      else out.push(0xF0 | p >> 18, 0x80 | p >> 12 & 63, 0x80 | p >> 6 & 63, 0x80 | p & 63);
    }
    return out;
  };
  const fromUtf8 = (bytes) => {
    let out = '';
    for (let i = 0; i < bytes.length;) {
      const b = bytes[i++];
      const more = b < 0x80 ? 0 : b >= 0xC2 && b < 0xE0 ? 1 : b >= 0xE0 && b < 0xF0 ? 2 : b >= 0xF0 && b < 0xF5 ? 3 : -1;
      let p = more === 0 ? b : more === 1 ? b & 31 : more === 2 ? b & 15 : b & 7, left = more;
      while (left > 0 && i < bytes.length && (bytes[i] & 0xC0) === 0x80) { p = p << 6 | bytes[i++] & 63; --left; }
      const bad = more < 0 || left > 0 || p > 0x10FFFF || p >= 0xD800 && p < 0xE000 || more === 2 && p < 0x800 || more === 3 && p < 0x10000;
      out += bad ? '\uFFFD' : String.fromCodePoint(p);
    }
    return out;
  };
  const latin1 = (bytes) => { let out = ''; for (const b of bytes) out += String.fromCharCode(b); return out; };
  const toBase64 = (bytes, url) => {
    let out = '';
    for (let i = 0; i < bytes.length; i += 3) {
      const n = bytes[i] << 16 | (bytes[i + 1] ?? 0) << 8 | (bytes[i + 2] ?? 0);
      out += B64[n >> 18] + B64[n >> 12 & 63] + (i + 1 < bytes.length ? B64[n >> 6 & 63] : '=') + (i + 2 < bytes.length ? B64[n & 63] : '=');
    }
    return url ? out.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : out;
  };
  const fromBase64 = (text) => {
    const out = [];
    let bits = 0, count = 0;
    for (const c of String(text)) {
      const v = VALUES.get(c);
      if (c === '=') break;
      if (v === undefined) continue;
      bits = (bits << 6 | v) & 0xFFFFFF;
      count += 6;
      if (count >= 8) { count -= 8; out.push(bits >> count & 255); }
    }
    return out;
  };
  const encode = (bytes, encoding = 'utf8') => {
    switch (String(encoding).toLowerCase()) {
      case 'utf8': case 'utf-8': return fromUtf8(bytes);
      case 'hex': return Array.from(bytes, (b) => (b < 16 ? '0' : '') + b.toString(16)).join('');
      case 'base64': return toBase64(bytes, false);
      case 'base64url': return toBase64(bytes, true);
      case 'latin1': case 'binary': case 'ascii': return latin1(bytes);
    }
    throw new TypeError(`Unknown encoding: "${encoding}"`);
  };
  const decode = (text, encoding = 'utf8') => {
    switch (String(encoding).toLowerCase()) {
      case 'utf8': case 'utf-8': return utf8(text);
      case 'hex': return (text.match(/^(?:[0-9a-fA-F]{2})*/)[0].match(/../g) ?? []).map((x) => parseInt(x, 16));
      case 'base64': case 'base64url': return fromBase64(text);
      case 'latin1': case 'binary': case 'ascii': return Array.from(text, (c) => c.charCodeAt(0) & 255);
    }
    throw new TypeError(`Unknown encoding: "${encoding}"`);
  };

  class Buffer extends Uint8Array {
    static from(value, second, third) {
      if (typeof value === 'string') return new Buffer(decode(value, second));
      if (value instanceof ArrayBuffer) return new Buffer(value, second, third);
      if (value?.type === 'Buffer' && Array.isArray(value.data)) return new Buffer(value.data);
      return new Buffer(Array.from(value ?? [], (x) => x & 255));
    }
    static alloc(size, fill = 0, encoding) {
      const out = new Buffer(size);
      return fill === 0 ? out : out.fill(fill, 0, size, encoding);
    }
    static allocUnsafe(size) { return new Buffer(size); }
    static isBuffer(value) { return value instanceof Buffer; }
    static isEncoding(name) { try { decode('', name); return true; } catch { return false; } }
    static byteLength(value, encoding) { return typeof value === 'string' ? decode(value, encoding).length : value.byteLength; }
    static compare(a, b) {
      for (let i = 0; i < Math.min(a.length, b.length); ++i) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
      return Math.sign(a.length - b.length);
    }
    static concat(list, length) {
      const all = new Buffer(length ?? list.reduce((sum, one) => sum + one.length, 0));
      let at = 0;
      for (const one of list) { if (at >= all.length) break; all.set(one.subarray(0, all.length - at), at); at += one.length; }
      return all;
    }
    toString(encoding, begin = 0, end = this.length) { return encode(this.subarray(begin, end), encoding); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) { return Buffer.compare(this, other) === 0; }
    compare(other) { return Buffer.compare(this, other); }
    slice(begin, end) { return this.subarray(begin, end); }
    fill(value, begin = 0, end = this.length, encoding) {
      if (typeof value !== 'string') return super.fill(value, begin, end);
      const bytes = decode(value, encoding);
      for (let i = begin; i < end && bytes.length > 0; ++i) this[i] = bytes[(i - begin) % bytes.length];
      return this;
    }
    write(text, offset = 0, length = this.length - offset, encoding = 'utf8') {
      const bytes = decode(text, encoding).slice(0, length);
      this.set(bytes, offset);
      return bytes.length;
    }
    copy(target, at = 0, begin = 0, end = this.length) {
      const part = this.subarray(begin, Math.min(end, begin + target.length - at));
      target.set(part, at);
      return part.length;
    }
    indexOf(value, from = 0) {
      if (typeof value === 'number') return super.indexOf(value, from);
      const bytes = typeof value === 'string' ? utf8(value) : value;
      for (let i = from; i + bytes.length <= this.length; ++i) if (bytes.every((b, k) => this[i + k] === b)) return i;
      return -1;
    }
    includes(value, from) { return this.indexOf(value, from) >= 0; }
    readUInt8(at = 0) { return this[at]; }
    readUInt16BE(at = 0) { return this[at] << 8 | this[at + 1]; }
    readUInt32BE(at = 0) { return this.readUInt16BE(at) * 65536 + this.readUInt16BE(at + 2); }
  }

  const bytesOf = (value, encoding) => typeof value === 'string' ? decode(value, encoding) : new Uint8Array(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength);
  class Digest {
    #algorithm; #key; #text = ''; #over = false;
    constructor(algorithm, key) {
      this.#algorithm = String(algorithm).toLowerCase();
      if (!['md5', 'sha1', 'sha256'].includes(this.#algorithm)) throw new TypeError(`not supported algorithm: "${algorithm}"`);
      this.#key = key === undefined ? null : latin1(bytesOf(key));
    }
    update(data, encoding) {
      if (this.#over) throw new Error('Digest already called');
      this.#text += latin1(bytesOf(data, encoding));
      return this;
    }
    digest(encoding) {
      if (this.#over) throw new Error('Digest already called');
      this.#over = true;
      const bytes = Buffer.from(hash(this.#algorithm, this.#key, this.#text), 'latin1');
      return encoding === undefined ? bytes : bytes.toString(encoding);
    }
  }
  const crypto = { createHash: (algorithm) => new Digest(algorithm), createHmac: (algorithm, key) => new Digest(algorithm, key ?? '') };

  const unescape = (text) => { try { return decodeURIComponent(text.replaceAll('+', ' ')); } catch { return text; } };
  const scalar = (value) => ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : '';
  const querystring = {
    escape: (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase()),
    unescape,
    parse(text, separator = '&', equals = '=', options = {}) {
      const out = Object.create(null), read = options.decodeURIComponent ?? unescape;
      let left = options.maxKeys ?? 1000;
      for (const pair of String(text).split(separator)) {
        if (pair === '' || left-- === 0) continue;
        const at = pair.indexOf(equals);
        const name = read(at < 0 ? pair : pair.slice(0, at)), value = at < 0 ? '' : read(pair.slice(at + equals.length));
        out[name] = name in out ? [].concat(out[name], value) : value;
      }
      return out;
    },
    stringify(object, separator = '&', equals = '=', options = {}) {
      const write = options.encodeURIComponent ?? querystring.escape;
      return Object.entries(object ?? {}).flatMap(([name, value]) =>
        [].concat(value).map((one) => write(name) + equals + write(scalar(one)))).join(separator);
    },
  };
  querystring.decode = querystring.parse;
  querystring.encode = querystring.stringify;

  const modules = { crypto, querystring, buffer: { Buffer } };
  return {
    Buffer,
    require: (name) => {
      if (Object.hasOwn(modules, name)) return modules[name];
      throw new Error(`Cannot find module "${name}"`);
    },
    atob: (text) => {
      const plain = String(text).replace(/[\t\n\f\r ]/g, '');
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(plain)) throw new TypeError('the string to be decoded is not correctly encoded');
      return latin1(fromBase64(plain));
    },
    btoa: (text) => {
      const bytes = Array.from(String(text), (c) => c.charCodeAt(0));
      if (bytes.some((b) => b > 255)) throw new TypeError('invalid character (>= U+00FF)');
      return toBase64(bytes, false);
    },
    TextEncoder: class TextEncoder {
      get encoding() { return 'utf-8'; }
      encode(text = '') { return new Uint8Array(utf8(text)); }
    },
    TextDecoder: class TextDecoder {
      get encoding() { return 'utf-8'; }
      decode(bytes) { return bytes === undefined ? '' : fromUtf8(bytesOf(bytes)); }
    },
  };
})js";

inline constexpr const char* kLibraryNames[] = {"Buffer", "require",     "atob",
                                                "btoa",   "TextEncoder", "TextDecoder"};

}  // namespace landfall::javascript
