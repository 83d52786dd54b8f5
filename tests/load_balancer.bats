# SPDX-License-Identifier: GPL-3.0-only
# Load balancers of layer 4: who is chosen, whom the targets see, how the answers come back, and what their health is.

load lib/common
load lib/terminal

# Two servers in one subnet, a client beside them and one elsewhere; web2 serves nothing.
balanced_aws() {
	cat <<-'EOF'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.1.0/24
		subnet create S2 vpc VPC1 cidr 10.0.2.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 8080 from 10.0.0.0/16
		instance create web{1,2} subnet S1 security-group SG1
		instance create near subnet S1
		instance create far subnet S2
		service start web1 http port 8080
		load-balancer create NLB1 subnet S2 ip 10.0.2.100
		target-group create TG1 vpc VPC1 port 8080
		target-group register TG1 instance web1,web2
		listener create L1 load-balancer NLB1 port 80 target-group TG1
	EOF
}

balanced_alibaba() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW{1,2} vpc VPC1 cidr 192.168.{1,2}.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 8080 from 192.168.0.0/16
		ecs create web{1,2} vswitch VSW1 security-group SG1
		ecs create near vswitch VSW1
		ecs create far vswitch VSW2
		service start web1 http port 8080
		load-balancer create CLB1 vswitch VSW2 ip 192.168.2.100
		vserver-group create G1 load-balancer CLB1 port 8080
		vserver-group add G1 ecs web1,web2
		listener create L1 load-balancer CLB1 port 80 vserver-group G1
	EOF
}

# cloud-semantics: lb-1, lb-2
@test "the target sees the client, its answer comes back by the load balancer, and a trace agrees (AWS)" {
	cat >"$LAB" <<-EOF
		$(balanced_aws)
		expect reachable near -> NLB1 seen-as near
		expect reachable far -> NLB1 seen-as far
		expect output 'client 10.0.1.' near curl -s http://NLB1
		expect blocked web1 -> NLB1 because HAIRPIN
		trace near -> NLB1
		trace far -> NLB1
		trace web1 -> NLB1
		target-group set TG1 preserve-client-ip off
		expect reachable web1 -> NLB1 seen-as NLB1
		expect reachable near -> NLB1 seen-as NLB1
		trace web1 -> NLB1
		expect blocked near -> NLB1 tcp 81 because NO_LISTENER
		expect blocked near -> NLB1 icmp because NO_LISTENER
		verify
	EOF
	lab_passes
	[ "$(grep -c 'Explain says the same' <<<"$output")" -eq 4 ]
	[[ $output == *'the kernel is as the lab has it'* ]]
}

# cloud-semantics: lb-5, lb-6
@test "the same on Alibaba Cloud, whose health checks no group filters" {
	cat >"$LAB" <<-EOF
		$(balanced_alibaba)
		expect reachable near -> CLB1 seen-as near
		expect reachable far -> CLB1 seen-as far
		expect blocked web1 -> CLB1 because HAIRPIN
		trace near -> CLB1
		trace far -> CLB1
		trace web1 -> CLB1
		sg revoke SG1 rule 1
		expect reachable CLB1 -> web1 tcp 8080 seen-as 100.64.0.1
		trace CLB1 -> web1 tcp 8080
		expect blocked far -> CLB1 because SG_INGRESS
		sg allow SG1 in tcp 80 from 192.168.0.0/16
		expect blocked far -> CLB1 because SG_INGRESS
		explain far -> CLB1
		verify
	EOF
	lab_passes
	[[ $output == *'SG1 admits the port of the load balancer'* ]]
	[ "$(grep -c 'Explain says the same' <<<"$output")" -eq 4 ]
	[[ $output == *'the kernel is as the lab has it'* ]]
}

# cloud-semantics: lb-4
@test "a target that fails is taken out by its health check alone, and comes back" {
	cat >"$LAB" <<-EOF
		$(balanced_aws)
		service start web2 http port 8080
		expect output web2 near sh -c 'for i in \$(seq 60); do curl -s http://NLB1 | grep web2 && exit; done'
		service stop web1 http-8080
		expect ok near sh -c 'for i in \$(seq 20); do curl -sf http://NLB1 | grep -q "node web2" || exit 1; done'
		service start web1 http port 8080
		expect output web1 near sh -c 'for i in \$(seq 60); do curl -s http://NLB1 | grep web1 && exit; done'
		web2 sh -c 'kill \$(ss -Hltnp sport = :8080 | grep -o "pid=[0-9]*" | cut -d= -f2)'
		expect eventually within 30 ok near sh -c 'for i in \$(seq 20); do curl -sf http://NLB1 | grep -q "node web1" || exit 1; done'
		expect reachable near -> NLB1
	EOF
	lab_passes
}

@test "matrix, reach, show, save, graph and lint know it; both ends of a saved lab do the same" {
	{ balanced_aws; echo "save $BATS_TEST_TMPDIR/saved.lab"; } >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	grep -x 'target-group register TG1 instance web1,web2' "$BATS_TEST_TMPDIR/saved.lab"
	grep -x 'listener create L1 load-balancer NLB1 port 80 target-group TG1' "$BATS_TEST_TMPDIR/saved.lab"
	{ cat "$BATS_TEST_TMPDIR/saved.lab"; echo 'expect reachable far -> NLB1 seen-as far'; } >"$LAB"
	lab_passes
	run -0 "$VPCLAB" reach "$BATS_TEST_TMPDIR/saved.lab" 'any -> NLB1'
	[[ $output == *'VPC1/default,web2 -> NLB1 tcp 80, seen as itself'* && $output != *web1* ]]
	run -0 "$VPCLAB" graph "$BATS_TEST_TMPDIR/saved.lab"
	[[ $output == *'tcp 80: TG1, web1 web2'* ]]
	run -0 "$VPCLAB" explain "$BATS_TEST_TMPDIR/saved.lab" 'near -> NLB1'
	[[ $output == *'reachable, seen as 10.0.1.'* && $output == *'listener L1: web1'* ]]
}
