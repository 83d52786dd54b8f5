# A configuration in Terraform's JSON as the plan that would create it, as far as an export goes: what is a reference in it
# is known to the plan as that, anything else as a value.
def is_reference: type == "string" and test("\\$\\{(join|[a-z0-9_]+\\.)") and (test("\\$\\{var\\.") | not);
def has_reference: [.. | select(is_reference)] | length > 0;
def plain: if type == "string" then sub("^\\$\\{var\\.zones\\[\"(?<z>[^\"]*)\"\\]\\}$"; "\(.z)") else . end;

# What the plan knows of a value: nothing of a reference, and null for one in a list.
def known:
	if type == "object" then with_entries(select(.value | is_reference | not) | .value |= known)
	elif type == "array" then map(if is_reference then null else known end)
	else plain end;

# And how it came to it: of references the longest first, each with its beginnings.
def expression:
	if type == "array" and (.[0] | type) == "object" then map(map_values(expression))
	elif has_reference then
		{references: [.. | strings | scan("(?:data\\.)?[a-z0-9_]+\\.[A-Za-z_][A-Za-z0-9_-]*\\.[a-z_]+(?:\\[0\\]\\.[a-z_]+)?") | ., sub("\\.[a-z_]+(\\[0\\]\\.[a-z_]+)?$"; "")]}
	else {constant_value: plain} end;

def blocks: (.resource | to_entries[] | {mode: "managed"} + .), (.data // {} | to_entries[] | {mode: "data"} + .)
	| .mode as $mode | .key as $type | .value | to_entries[] | {$mode, $type, name: .key, body: (.value | del(.["//"]))};

{
	format_version: "1.2",
	planned_values: {root_module: {resources: [blocks | {
		address: "\(if .mode == "data" then "data." else "" end)\(.type).\(.name)", mode, type, name,
		values: (.body | del(.depends_on) | known)
	}]}},
	configuration: {root_module: {resources: [blocks | {
		mode, type, name, depends_on: .body.depends_on,
		expressions: (.body | del(.depends_on) | map_values(expression))
	}]}}
}
