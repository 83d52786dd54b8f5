# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=bash
# VPC1, VPC2 and VPC3 with an ECS each that takes all from the others and answers HTTP, and a host on the internet; nothing
# joins them.
three_vpcs() {
	cat <<-'EOF'
		vpc create VPC{1..3} cidr 10.{1..3}.0.0/16
		vswitch create VSW{1..3} vpc VPC{1..3} cidr 10.{1..3}.1.0/24
		sg create SG{1..3} vpc VPC{1..3}
		sg allow SG{1..3} in all from 10.0.0.0/8
		ecs create ECS{1..3} vswitch VSW{1..3} security-group SG{1..3}
		service start ECS{1..3} http
		internet-host create web
		service start web http
	EOF
}
