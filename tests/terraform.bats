# SPDX-License-Identifier: GPL-3.0-only
# Plans and states of Terraform: read as labs, with every guess told. The samples in tests/terraform
# were made by terraform show -json from the main.tf beside them.
# shellcheck disable=SC2154 # output, stderr and status are of run
load lib/common

JSON=tests/terraform

@test "a state is read without a guess, and says what the lab has no word for" {
	for cloud in alicloud aws; do
		run --separate-stderr "$VPCLAB" import terraform $JSON/$cloud/state.json
		[ "$status" -eq 0 ]
		[[ $stderr != *guessed* ]]
		[[ $stderr == *"left out: "*" (1): the lab has no word for it"* ]]
		echo "$output" >"$LAB"
		"$VPCLAB" validate "$LAB"
	done
}

@test "a plan's links are found through its references" {
	run --separate-stderr "$VPCLAB" import terraform $JSON/alicloud/plan.json
	[ "$status" -eq 0 ]
	# for_each, a local value, a module's output and variable, count, a splat
	[[ $output == *"vswitch create private-b vpc lab cidr 10.0.3.0/24"* ]]
	[[ $output == *"nat-gateway create nat-this vpc lab vswitch public"* ]]
	[[ $output == *"snat create snat_entry-private-a nat-gateway nat-this source vswitch private-a eip nat-0,nat-1"* ]]
	[[ $output == *"snat create snat_entry-private-b nat-gateway nat-this source vswitch private-b eip nat-0,nat-1"* ]]
	[[ $output == *"eip associate nat-1 nat-gateway nat-this"* ]]
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

@test "--strict refuses what had to be guessed or left out" {
	run -2 "$VPCLAB" import terraform --strict $JSON/aws/plan.json
	jq 'del(.values.root_module.resources[] | select(.type == "aws_elb"))' $JSON/aws/state.json >"$BATS_TEST_TMPDIR/state.json"
	run -0 "$VPCLAB" import terraform --strict "$BATS_TEST_TMPDIR/state.json"
}

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
