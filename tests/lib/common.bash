bats_require_minimum_version 1.5.0
VPCLAB=${VPCLAB_BUILD:-build}/vpclab
