"""What delegation can reach: every right that people working together can come to.

The first grants, and the powers that they bring, span a set of states: those that any
number of people can make by acting on the powers that they hold. Whether a right is in
one of them is the safety problem of administrative RBAC (user-role reachability under
ARBAC97's can-assign; Li and Tripunitara, 2006). Where powers only ever ask that rights
be there, never that one be absent, it has an exact and quick answer: whatever can be
had once can always be had, so that one fixed point holds it all.
"""
