bats_require_minimum_version 1.5.0
VPCLAB=${VPCLAB_BUILD:-build}/vpclab

# Waits, at most 20 s, until a condition holds.
eventually() {
	local i
	for ((i = 0; i < 400; i++)); do
		if "$@"; then return 0; fi
		read -rt 0.05 <> <(:) || true
	done
	echo "never came true: $*"
	return 1
}
