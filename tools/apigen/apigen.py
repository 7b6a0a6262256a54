#!/usr/bin/env python3
"""Writes the C++ of one service's API from the facts in api/<service>.json.

  apigen.py service --model api/ec2.json --name ec2 --out build/gen/ec2
            --operations LIST       file: one implemented operation a line (those with a handler in operations/)
            [--data-plane LIST]     file: operations that are served without a handler (s3 in edge)
            [--shapes LIST]         file: further shapes that are wanted
  apigen.py services --out build/gen NAME...

Files are rewritten only where their content changes. docs: tools/apigen/README.md
"""
import argparse
import json
import pathlib
import sys

KEYWORDS = set("""alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class
compl concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do
double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new
noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return short signed
sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename union
unsigned using virtual void volatile wchar_t while xor xor_eq""".split())

SCALARS = {
    "string": "std::string", "blob": "std::string", "integer": "int64_t", "long": "int64_t", "float": "double",
    "double": "double", "boolean": "bool", "timestamp": "::landfall::Timestamp",
}
KINDS = {"integer": "integer", "long": "long_", "float": "float_", "double": "double_"}
LOCATIONS = {"header": "header", "headers": "header_prefix", "uri": "uri", "querystring": "query_string",
             "statusCode": "status_code"}
TIMESTAMPS = {"iso8601": "iso8601", "unixTimestamp": "unix_seconds", "rfc822": "http_date"}
PROTOCOLS = {"query": "query", "ec2": "ec2", "rest-xml": "rest_xml", "smithy-rpc-v2-cbor": "rpc_v2_cbor"}


def quoted(text):
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c == "?":
            out.append("\\?")  # no trigraphs
        elif " " <= c <= "~":
            out.append(c)
        else:
            out.extend("\\%03o" % b for b in c.encode())
    return '"' + "".join(out) + '"'


def write_if_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def read_list(path):
    if not path:
        return []
    lines = (line.split("#")[0].strip() for line in pathlib.Path(path).read_text().splitlines())
    return [line for line in lines if line]


class Service:
    def __init__(self, name, model):
        self.name = name
        self.model = model
        self.meta = model["metadata"]
        self.shapes = model["shapes"]
        self.operations = model["operations"]
        pages = model.get("paginators", {})
        self.paginators = pages.get("pagination", pages)
        self.protocols = self.meta.get("protocols", [self.meta["protocol"]])
        self.is_rest = self.meta["protocol"].startswith("rest-")
        self.components = {}  # struct -> number of its strongly connected component

    def xml_namespace(self):
        """Of documents: rest-xml models give it with each operation rather than with the service."""
        if self.meta.get("xmlNamespace"):
            return self.meta["xmlNamespace"]
        for o in self.operations.values():
            candidates = [o.get("input", {})]
            if "input" in o:
                candidates += self.shapes[o["input"]["shape"]]["members"].values()
            for c in candidates:
                if "xmlNamespace" in c and "prefix" not in c["xmlNamespace"]:
                    return c["xmlNamespace"]["uri"]
        return ""

    def required_in(self, op, location):
        """Wire names of an operation's required members at that place of the request."""
        if "input" not in self.operations[op]:
            return []
        shape = self.shapes[self.operations[op]["input"]["shape"]]
        return [m.get("locationName", n) for n, m in shape["members"].items()
                if n in shape.get("required", []) and m.get("location") == location]

    # ---- which shapes -------------------------------------------------------------------------------------------

    def references(self, name):
        """The shapes that a shape's value contains."""
        s = self.shapes[name]
        if s["type"] == "structure":
            return [m["shape"] for m in s["members"].values()]
        if s["type"] == "list":
            return [s["member"]["shape"]]
        if s["type"] == "map":
            return [s["key"]["shape"], s["value"]["shape"]]
        return []

    def closure(self, roots):
        seen, todo = set(), list(roots)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            if name not in self.shapes:
                sys.exit(f"apigen: {self.name}: the model has no shape {name}")
            seen.add(name)
            todo.extend(self.references(name))
        return sorted(seen)

    # ---- order of the structs -----------------------------------------------------------------------------------

    def struct_edges(self, name):
        """Structs that the struct contains, through lists and maps too."""
        out, todo = [], self.references(name)
        while todo:
            n = todo.pop(0)
            if self.shapes[n]["type"] == "structure":
                out.append(n)
            else:
                todo = self.references(n) + todo
        return out

    def order(self, names):
        """Structs so that each comes after those it contains; inside a cycle, any order (Tarjan's algorithm)."""
        sys.setrecursionlimit(10000)
        index, low, stack, on_stack, result = {}, {}, [], set(), []

        def visit(v):
            index[v] = low[v] = len(index)
            stack.append(v)
            on_stack.add(v)
            for w in self.struct_edges(v):
                if w not in index:
                    visit(w)
                    low[v] = min(low[v], low[w])
                elif w in on_stack:
                    low[v] = min(low[v], index[w])
            if low[v] == index[v]:
                component = []
                while True:
                    w = stack.pop()
                    on_stack.discard(w)
                    component.append(w)
                    if w == v:
                        break
                for w in component:
                    self.components[w] = len(result)
                result.extend(component)

        for n in names:
            if n not in index:
                visit(n)
        return result

    def boxed(self, owner, shape):
        """A struct member that would make its owner contain itself."""
        return self.shapes[shape]["type"] == "structure" and self.components[owner] == self.components[shape]

    # ---- C++ names and types ------------------------------------------------------------------------------------

    def element_type(self, shape):
        s = self.shapes[shape]
        t = s["type"]
        if t == "structure":
            return f"{self.name}::{shape}"
        if t == "list":
            return f"std::vector<{self.element_type(s['member']['shape'])}>"
        if t == "map":
            return f"std::map<std::string, {self.element_type(s['value']['shape'])}>"
        return SCALARS[t]

    def member_type(self, owner, shape):
        if self.boxed(owner, shape):
            return f"aws::Box<{self.element_type(shape)}>"
        if self.shapes[shape]["type"] in ("list", "map"):
            return self.element_type(shape)
        return f"std::optional<{self.element_type(shape)}>"

    @staticmethod
    def member_name(owner, member):
        return member + "_" if member in KEYWORDS or member == owner else member

    # ---- tables -------------------------------------------------------------------------------------------------

    def ec2_query_name(self, member_name, m):
        """As the SDKs write it: queryName, or locationName with a capital, or the name."""
        if "queryName" in m:
            return m["queryName"]
        if "locationName" in m:
            return m["locationName"][0].upper() + m["locationName"][1:]
        return member_name

    def member_row(self, owner, member_name, m, index):
        target = self.shapes[m["shape"]]
        wire = m.get("locationName") or target.get("locationName") or member_name
        query = self.ec2_query_name(member_name, m) if self.meta["protocol"] == "ec2" else wire
        fields = [f".name = {quoted(member_name)}", f".wire_name = {quoted(wire)}", f".query_name = {quoted(query)}",
                  f".shape = &shapes[{index[m['shape']]}]",
                  f".offset = offsetof({owner}, {self.member_name(owner, member_name)})"]
        if m.get("location"):
            fields.append(f".location = Location::{LOCATIONS[m['location']]}")
        stamp = m.get("timestampFormat") or target.get("timestampFormat")
        if stamp:
            fields.append(f".timestamp_format = TimestampFormat::{TIMESTAMPS[stamp]}")
        flags = [("required", member_name in self.shapes[owner].get("required", [])),
                 ("flattened", m.get("flattened") or target.get("flattened")),
                 ("xml_attribute", m.get("xmlAttribute")), ("idempotency_token", m.get("idempotencyToken")),
                 ("streaming", m.get("streaming")), ("boxed", self.boxed(owner, m["shape"]))]
        fields += [f".{flag} = true" for flag, on in flags if on]
        # Grantee carries its namespace on the shape, its Type attribute's prefix is in the name.
        ns = m.get("xmlNamespace") or target.get("xmlNamespace")
        if ns:
            fields.append(f".xml_namespace = {self.namespace(ns)}")
        return "    {" + ", ".join(fields) + "},\n"

    @staticmethod
    def namespace(ns):
        if isinstance(ns, str):
            ns = {"uri": ns}
        return "{" + quoted(ns.get("prefix", "")) + ", " + quoted(ns["uri"]) + "}"

    def find_uses(self, shapes, roots):
        """For each struct, how it is held: decides what is instantiated for it."""
        self.use = {n: set() for n in shapes}
        for n in roots:
            self.use[n].add("as_root")
        for n in shapes:
            s = self.shapes[n]
            if s["type"] == "structure":
                for m in s["members"].values():
                    if self.shapes[m["shape"]]["type"] == "structure":
                        self.use[m["shape"]].add("as_box" if self.boxed(n, m["shape"]) else "as_optional")

    def uses(self, name):
        return " | ".join("aws::" + u for u in sorted(self.use[name])) or "0"

    def shape_row(self, name, index):
        s = self.shapes[name]
        t = s["type"]
        fields = [f".kind = Kind::{KINDS.get(t, t)}"]
        fields += [f".{flag.rstrip('_')}{'_' if flag.endswith('_') else ''} = true"
                   for flag, on in [("flattened", s.get("flattened")), ("sensitive", s.get("sensitive")),
                                    ("exception", s.get("exception")), ("union_", s.get("union"))] if on]
        if s.get("timestampFormat"):
            fields.append(f".timestamp_format = TimestampFormat::{TIMESTAMPS[s['timestampFormat']]}")
        if s.get("payload"):
            fields.append(f".payload = {list(s['members']).index(s['payload'])}")
        fields.append(f".name = {quoted(name)}")
        if t == "structure" and s.get("locationName"):
            fields.append(f".wire_name = {quoted(s['locationName'])}")
        if t == "structure" and s["members"]:
            fields.append(f".members = members_{name}")
        if t == "list":
            fields.append(f".element = &shapes[{index[s['member']['shape']]}]")
            if s["member"].get("locationName"):
                fields.append(f".element_name = {quoted(s['member']['locationName'])}")
        if t == "map":
            fields += [f".element = &shapes[{index[s['value']['shape']]}]", f".key = &shapes[{index[s['key']['shape']]}]"]
            if s["value"].get("locationName"):
                fields.append(f".element_name = {quoted(s['value']['locationName'])}")
            if s["key"].get("locationName"):
                fields.append(f".key_name = {quoted(s['key']['locationName'])}")
        if t == "structure":
            fields.append(f".struct_ops = &aws::struct_ops<{name}, {self.uses(name)}>")
        if t == "list":
            fields.append(f".list_ops = &aws::list_ops<{self.element_type(s['member']['shape'])}>")
        if t == "map":
            fields.append(f".map_ops = &aws::map_ops<{self.element_type(s['value']['shape'])}>")
        if "min" in s or "max" in s:
            fields.append(".bounds = {%s, %s, %s, %s}" % ("true" if "min" in s else "false", "true" if "max" in s else "false",
                                                          float(s.get("min", 0)), float(s.get("max", 0))))
        if s.get("pattern"):
            fields.append(f".pattern = {quoted(s['pattern'])}")
        if s.get("enum"):
            fields.append(f".enum_values = enum_{name}")
        if s.get("xmlNamespace"):
            fields.append(f".xml_namespace = {self.namespace(s['xmlNamespace'])}")
        return "    {" + ", ".join(fields) + "},\n"

    def error_of(self, shape):
        s = self.shapes[shape]
        e = s.get("error", {})
        status = e.get("httpStatusCode") or (500 if s.get("fault") else 400)
        return e.get("code", shape), status


BANNER = "// Made by tools/apigen from api/{}.json. Do not edit.\n"


def make_shapes(svc, structs):
    out = [BANNER.format(svc.name), "#pragma once\n\n",
           "#include <cstdint>\n#include <map>\n#include <optional>\n#include <string>\n#include <vector>\n\n",
           f'#include "aws/box.h"\n#include "aws/empty.h"\n#include "base/clock.h"\n#include "{svc.name}/shapes_fwd.h"\n\n',
           f"namespace landfall::{svc.name} {{\n"]
    for n in structs:
        members = svc.shapes[n]["members"]
        out.append(f"\nstruct {n} {{\n")
        for m, ms in members.items():
            out.append(f"  {svc.member_type(n, ms['shape'])} {svc.member_name(n, m)};\n")
        out.append("};\n")
    out.append(f"\n}}  // namespace landfall::{svc.name}\n")
    return "".join(out)


def make_forward(svc, structs):
    out = [BANNER.format(svc.name), "#pragma once\n\nnamespace landfall::aws {\nstruct Shape;\n}\n\n",
           f"namespace landfall::{svc.name} {{\n\n"]
    out += [f"struct {n};\n" for n in structs]
    out.append("\n")
    out += [f"const aws::Shape& shape_of(const {n}*);\n" for n in structs]
    out.append(f"\n}}  // namespace landfall::{svc.name}\n")
    return "".join(out)


def signature(svc, op):
    o = svc.operations[op]
    inp = o.get("input", {}).get("shape", "aws::Empty")
    outp = o.get("output", {}).get("shape", "aws::Empty")
    return inp, outp


def make_operations(svc, handled):
    out = [BANNER.format(svc.name), "#pragma once\n\n",
           f'#include "{svc.name}/shapes.h"\n\nnamespace landfall {{\nstruct Call;\n}}\n\nnamespace landfall::aws {{\n'
           "struct ServiceModel;\n}\n\n",
           f"namespace landfall::{svc.name} {{\n\nextern const aws::ServiceModel service_model;\n\n"]
    for op in handled:
        inp, outp = signature(svc, op)
        out.append(f"{outp} {op}(Call& call, const {inp}& in);\n")
    out.append(f"\n}}  // namespace landfall::{svc.name}\n")
    return "".join(out)


def make_errors(svc):
    out = [BANNER.format(svc.name), '#pragma once\n\n#include "aws/service_error.h"\n\n', f"namespace landfall::{svc.name} {{\n"]
    for n, s in sorted(svc.shapes.items()):
        if not s.get("exception"):
            continue
        code, status = svc.error_of(n)
        out.append(f"\nstruct {n} : ServiceError {{\n  explicit {n}(std::string message)\n"
                   f"      : ServiceError({quoted(code)}, {status}, std::move(message)) {{}}\n}};\n")
    out.append(f"\n}}  // namespace landfall::{svc.name}\n")
    return "".join(out)


def strings(values):
    if isinstance(values, str):
        values = [values]
    return [v for v in values or []]


def make_tables(svc, shapes, structs, implemented, handled):
    index = {n: i for i, n in enumerate(shapes)}
    out = [BANNER.format(svc.name), f'#include "{svc.name}/operations.h"\n\n#include <cstddef>\n#include <new>\n\n#include "aws/protocol/shape_ops.h"\n\n',
           "#pragma GCC diagnostic ignored \"-Winvalid-offsetof\"\n\n",
           f"namespace landfall::{svc.name} {{\n\nusing aws::Kind;\nusing aws::Location;\nusing aws::TimestampFormat;\n\n"
           "namespace tables {\n\n"]
    if shapes:
        out.append(f"extern const aws::Shape shapes[{len(shapes)}];\n\n")
    for n in shapes:
        s = svc.shapes[n]
        if s.get("enum"):
            values = ", ".join(quoted(v) for v in s["enum"])
            out.append(f"constexpr std::string_view enum_{n}[] = {{{values}}};\n")
        if s["type"] == "structure" and s["members"]:
            out.append(f"constexpr aws::Member members_{n}[] = {{\n")
            out += [svc.member_row(n, m, ms, index) for m, ms in s["members"].items()]
            out.append("};\n")
    if shapes:
        out.append(f"\nconstinit const aws::Shape shapes[{len(shapes)}] = {{\n")
        out += [svc.shape_row(n, index) for n in shapes]
        out.append("};\n\n")

    for op in implemented:
        errors = svc.operations[op].get("errors", [])
        if errors:
            rows = ["{%s, %s, %d}" % ((quoted(e["shape"]), quoted(svc.error_of(e["shape"])[0]), svc.error_of(e["shape"])[1]))
                    for e in errors]
            out.append(f"constexpr aws::ErrorModel errors_{op}[] = {{{', '.join(rows)}}};\n")
        page = svc.paginators.get(op)
        if page:
            for key in ("input_token", "output_token", "result_key"):
                values = strings(page.get(key))
                if values:
                    out.append(f"constexpr std::string_view page_{key}_{op}[] = {{{', '.join(quoted(v) for v in values)}}};\n")
            more = page.get("more_results", "")
            spans = [f"page_{key}_{op}" if strings(page.get(key)) else "{}" for key in ("input_token", "output_token")]
            result = f"page_result_key_{op}" if strings(page.get("result_key")) else "{}"
            out.append(f"constexpr aws::Paginator page_{op} = {{{spans[0]}, {spans[1]}, {quoted(page.get('limit_key', ''))}, "
                       f"{result}, {quoted(more)}}};\n")

    protocols = []
    for p in svc.protocols:
        protocols.append(PROTOCOLS.get(p) or ("json_1_0" if svc.meta.get("jsonVersion") == "1.0" else "json_1_1"))
    out.append(f"constexpr aws::Protocol protocols[] = {{{', '.join('aws::Protocol::' + p for p in protocols)}}};\n")

    if implemented:
        out.append("\nconstinit const aws::OperationModel "
                   f"operations[{len(implemented)}] = {{\n")
        for op in implemented:
            out.append(operation_row(svc, op, index, op in handled))
        out.append("};\n")
    others = [op for op in sorted(svc.operations) if op not in implemented]
    if others:
        out.append("\nconstexpr std::string_view unimplemented[] = {\n")
        out += [f"    {quoted(op)},\n" for op in others]
        out.append("};\n")
    if svc.is_rest:
        out += routes(svc)
    out.append("\n}  // namespace tables\n\n")
    for n in structs:
        out.append(f"const aws::Shape& shape_of(const {n}*) {{ return tables::shapes[{index[n]}]; }}\n")
    out.append("\n" + service_row(svc, implemented, others))
    out.append(f"\n}}  // namespace landfall::{svc.name}\n")
    return "".join(out)


def routes(svc):
    """Every operation of the model that is not deprecated, implemented or not, for identify()."""
    names = [op for op in sorted(svc.operations) if not svc.operations[op].get("deprecated")]
    out, rows = ["\n"], []
    for op in names:
        spans = []
        for place in ("querystring", "header"):
            required = svc.required_in(op, place)
            if required:
                out.append(f"constexpr std::string_view {place}_{op}[] = {{{', '.join(quoted(r) for r in required)}}};\n")
            spans.append(f"{place}_{op}" if required else "{}")
        http = svc.operations[op]["http"]
        rows.append(f"    {{{quoted(op)}, {quoted(http['method'])}, {quoted(http['requestUri'])}, {spans[0]}, {spans[1]}}},\n")
    return out + ["constexpr aws::RestRoute routes[] = {\n"] + rows + ["};\n"]


def operation_row(svc, op, index, handled):
    o = svc.operations[op]
    http = o["http"]
    inp, outp = signature(svc, op)
    empty = "aws::empty_shape"
    fields = [".service = &service_model", f".name = {quoted(op)}", f".http_method = {quoted(http['method'])}",
              f".uri = {quoted(http['requestUri'])}"]
    if http.get("responseCode"):
        fields.append(f".response_code = {http['responseCode']}")
    fields += [f".input = &{empty}" if "input" not in o else f".input = &shapes[{index[inp]}]",
               f".output = &{empty}" if "output" not in o else f".output = &shapes[{index[outp]}]",
               f".has_output = {'true' if 'output' in o else 'false'}"]
    if o.get("output", {}).get("resultWrapper"):
        fields.append(f".result_wrapper = {quoted(o['output']['resultWrapper'])}")
    if o.get("input", {}).get("locationName"):
        fields.append(f".input_root = {quoted(o['input']['locationName'])}")
    if o.get("input", {}).get("xmlNamespace"):
        fields.append(f".input_namespace = {svc.namespace(o['input']['xmlNamespace'])}")
    if o.get("errors"):
        fields.append(f".errors = errors_{op}")
    if svc.paginators.get(op):
        fields.append(f".paginator = &page_{op}")
    if handled:
        fields.append(f".invoke = [](Call& call, const void* in, void* out) {{\n       "
                      f"::new (out) {outp}({svc.name}::{op}(call, *static_cast<const {inp}*>(in))); }}")
    return "    {" + ",\n     ".join(fields) + "},\n"


def service_row(svc, implemented, others):
    meta = svc.meta
    fields = [f".name = {quoted(svc.name)}", f".endpoint_prefix = {quoted(meta['endpointPrefix'])}",
              f".signing_name = {quoted(meta.get('signingName', meta['endpointPrefix']))}",
              f".service_id = {quoted(meta['serviceId'])}", f".api_version = {quoted(meta['apiVersion'])}",
              f".xml_namespace = {quoted(svc.xml_namespace())}",
              f".target_prefix = {quoted(meta.get('targetPrefix', ''))}",
              f".json_version = {quoted(meta.get('jsonVersion', ''))}",
              f".query_compatible = {'true' if 'awsQueryCompatible' in meta else 'false'}",
              f".global = {'true' if 'globalEndpoint' in meta and svc.name not in ('s3', 'sts') else 'false'}",
              ".protocols = tables::protocols"]
    if implemented:
        fields.append(".operations = tables::operations")
    if others:
        fields.append(".unimplemented = tables::unimplemented")
    if svc.is_rest:
        fields.append(".routes = tables::routes")
    return "constinit const aws::ServiceModel service_model = {\n    " + ",\n    ".join(fields) + "};\n"


def generate_service(args):
    svc = Service(args.name, json.loads(pathlib.Path(args.model).read_text()))
    handled = sorted(set(read_list(args.operations)))
    data_plane = read_list(args.data_plane)
    implemented = sorted(set(handled) | set(data_plane))
    for op in implemented:
        if op not in svc.operations:
            sys.exit(f"apigen: {args.name}: the model has no operation {op} (file name misspelt?)")
    roots = list(read_list(args.shapes))
    for op in implemented:
        o = svc.operations[op]
        roots += [o[way]["shape"] for way in ("input", "output") if way in o]
    shapes = svc.closure(roots)
    structs = svc.order([n for n in shapes if svc.shapes[n]["type"] == "structure"])
    svc.find_uses(shapes, roots)
    out = pathlib.Path(args.out)
    write_if_changed(out / "shapes_fwd.h", make_forward(svc, structs))
    write_if_changed(out / "shapes.h", make_shapes(svc, structs))
    write_if_changed(out / "operations.h", make_operations(svc, handled))
    write_if_changed(out / "errors.h", make_errors(svc))
    write_if_changed(out / "tables.cc", make_tables(svc, shapes, structs, implemented, set(handled)))


def generate_list(args):
    out = pathlib.Path(args.out)
    names = sorted(args.names)
    write_if_changed(out / "services.h", """// Made by tools/apigen. Do not edit.
// Every service that this program knows, sorted by name.
#pragma once

#include <span>

namespace landfall::aws {

struct ServiceModel;
std::span<const ServiceModel* const> services();

}  // namespace landfall::aws
""")
    externs = "".join(f"namespace landfall::{n} {{\nextern const aws::ServiceModel service_model;\n}}\n" for n in names)
    rows = ", ".join(f"&{n}::service_model" for n in names)
    write_if_changed(out / "services.cc", f"""// Made by tools/apigen. Do not edit.
#include "services.h"

#include "aws/protocol/shape.h"

{externs}
namespace landfall::aws {{

static constinit const ServiceModel* const all[] = {{{rows}}};

std::span<const ServiceModel* const> services() {{ return all; }}

}}  // namespace landfall::aws
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("service")
    one.add_argument("--model", required=True)
    one.add_argument("--name", required=True)
    one.add_argument("--out", required=True)
    one.add_argument("--operations", required=True)
    one.add_argument("--data-plane")
    one.add_argument("--shapes")
    one.set_defaults(run=generate_service)
    every = commands.add_parser("services")
    every.add_argument("--out", required=True)
    every.add_argument("names", nargs="+")
    every.set_defaults(run=generate_list)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
