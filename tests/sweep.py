"""Which cases of long sweeps run in `make test`, and which only in `make wide`.

A sweep is the product of two lists, or a long list, whose cases mostly repeat one another. `make test` runs its sharp cases;
`.ci/run` and `make wide` also run the others, which have the marker `wide`. What `make test` keeps must find each kind of
fault that the whole sweep finds: change the source so that the sweep fails, and see that `make test` fails.

`WIDE` is a table of the others. Where the sharp cases are computed, a test uses `sweep`:

    @pytest.mark.parametrize("case", sweep(CASES, SHARP))

`make slow` prints where the seconds go. A file of tests that takes more than ten seconds of CPU time needs a reason.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

# fmt: off
FAMILIES = (
    "aerleon", "aws-prefix-list", "cisco-asa", "csv", "dns-zone", "dnsmasq", "fortigate", "iptables",
    "kubernetes-networkpolicy", "linux-routes", "mikrotik", "mmdb", "nftables", "pac", "paloalto-edl", "paloalto-set",
    "registry-pol", "report",
)
# fmt: on
"""A target of each base class, two of those that every program of its own kind reads."""
_OTHER_TARGETS = "!" + " | ".join(f"{name} | {name}-*" for name in FAMILIES)  # the id of a case may also have options

WIDE: Mapping[str, tuple[str, ...]] = {
    "test_hostile_files.py": (
        # the profile and the store are read in ways of their own
        "test_a_hostile_file_is_an_error_that_names_it[!profile-* | store-* | *-pipe | *-gigabyte | *-NUL | *-deep *]",
    ),
    # -- the whole package: the tests of the modules have the same cases, in one process
    "cli/test_completion.py": (
        "test_bash_completes_each_kind_of_name[!render nftab | show row/6/* | lookup --cloud chi | explain role-un]",
        "test_zsh_completes_commands_options_and_targets[!loo]",
    ),
    "cli/test_demo.py": ("test_a_second_demo_changes_nothing",),
    "cli/test_render.py": (
        "test_all_skips_targets_with_a_missing_extra_with_a_line_each",
        "test_strict_ends_with_5_if_a_target_was_skipped",
    ),
    "cli/test_settings.py": ("test_color_never_writes_no_escape_sequence_on_stdout_and_stderr[!words3 | words4]",),
    "contracts/test_base_install.py": (
        # of each kind of end and of each extra, some lines stay
        "test_a_command_ends_as_documented[budget * | demo | plan * | * --strict | * --dry-run * | sync --cloud *]",
        "test_a_command_ends_as_documented[import page * | crosscheck * | export * | import history * | calendar]",
        "test_a_command_ends_as_documented[--store postgresql* | held reject * | timeline]",
        "test_a_command_ends_as_documented[rows | losses * | man * | doctor * | show * | diff *]",
        "test_a_command_ends_as_documented[init * | lookup * | explain * | pin * | unpin * | history *]",
        "test_pip_installs_the_same_distributions",
    ),
    "contracts/test_zip.py": ("test_a_command_prints_what_the_installed_one_prints[!help | lookup-52* | targets-pac]",),
    "tasks/test_bootstrap.py": (
        "test_extras_and_groups_are_installed_without_locks_and_index",
        "test_an_environment_whose_python_is_gone_is_made_again",
        "test_an_index_that_has_not_what_is_pinned_is_an_error_with_a_way_out[!none]",
        "test_without_ensurepip_pip_comes_from_the_index",
    ),
    "tasks/test_pip_wheel.py": ("test_an_environment_without_pip_gets_it_through_a_proxy",),
    # -- pages: a command whose output changes also fails in tests/cli; `make docs` finds stale pages
    "test_conftest.py": ("test_a_run_with_hidden_consumers_has_the_tests_that_asked_for_one[alone]",),
    "test_docs.py": (
        "test_the_examples_of_a_page_give_the_output_shown[effective-dates.md | plan.md | history.md | firewalls.md]",
        "test_the_examples_of_a_page_give_the_output_shown[json.md | losses.md | dns.md | python.md | updates.md]",
        "test_the_examples_of_a_page_give_the_output_shown[routes.md | options.md | crosscheck.md | offline.md]",
        "test_the_examples_of_a_page_give_the_output_shown[zones.md | hybrid.md | feeds.md | pac.md | notifications.md]",
        "test_the_examples_of_a_page_give_the_output_shown[trouble.md | questions/tenant* | questions/[wr]*]",
        "test_sphinx_builds_without_a_warning",
    ),
    # -- lists and stores: SQLite stays, and both databases in tests/store
    "follow/test_carry.py": ("*[postgresql]",),
    "history/test_changes.py": ("*[postgresql]",),
    "history/test_load.py": ("test_the_true_versions_and_the_recordings_make_one_history", "*[postgresql]"),
    "history/test_report.py": ("test_markdown_stays_within_its_limit_and_counts_what_it_cut",),
    "history/test_sync.py": ("test_slow_growth_is_held_within_a_month", "*[postgresql]"),
    "history/tell/test_notify.py": ("*[postgresql]",),
    "store/test_store.py": ("test_the_forty_recorded_states_give_the_intervals_of_the_oracle[postgresql]",),
    "wire/test_write.py": ("test_every_recorded_response_is_written_as_it_was_read",),
    "reliability/test_honest_history.py": (
        # the recorded steps, judged one by one, stay
        "test_growth_of_two_in_five_hundred_a_cycle_for_a_thousand_cycles[1-*]",
        "test_at_most_one_percent_of_the_recorded_states_is_held_as_a_whole",
        "test_the_documented_tables_match_the_history",
        "test_the_limit_of_removals_is_the_smallest_that_holds_at_most_five_percent",
        "test_hundreds_of_cycles_of_which_a_fifth_are_faulty[!100-*]",
    ),
    "reliability/test_gate_cases.py": (
        # the thresholds of all gates are in tests/history/gates
        "test_a_change_below_a_limit_is_committed[!growth-entries | wildcard-* | new-set]",
        "test_a_suspicious_entry_is_held_alone[!set-gone | new-ports | category | new-domain | *-address | inbound]",
    ),
    "reliability/test_poisoned_lists.py": (
        "test_a_harmless_name_comes_into_force_in_each_shape[!*-worldwide]",
        "test_a_waiting_entry_does_not_come_into_force_with_time[!ports | area | ids | name | *prefix | new-set]",
        "test_honest_changes_come_into_force[dod-* | gcchigh-*]",
    ),
    "reliability/test_slow_boils.py": ("test_a_harmless_name_a_step_comes_into_force[!worldwide-24 | china-1]",),
    "torture/test_command.py": (
        "test_a_failing_call_of_the_command_leaves_the_old_or_the_new_state",
        "test_the_killed_command_leaves_the_old_or_the_new_state",
    ),
    "torture/test_faults.py": (
        "test_a_failing_call_leaves_the_old_or_the_new_state[!update | deliver]",
        "test_the_valid_states_are_consistent_by_an_independent_check",
    ),
    "torture/test_full_disk.py": (
        "test_a_file_that_may_not_grow_leaves_the_old_state",
        "test_a_full_disk_leaves_the_old_state_and_a_freed_one_gets_the_new",
    ),
    "torture/test_kills.py": (
        "test_a_kill_with_postgresql_leaves_the_old_or_the_new_state",
        "test_postgresql_killed_in_commit_has_the_old_or_the_new_state",
    ),
    "torture/test_power.py": ("test_a_power_cut_leaves_the_old_or_the_new_state[!update]",),
    "torture/test_two_syncs.py": ("test_concurrent_syncs_commit_once_and_notify_once",),
    "upstream/test_following.py": (
        "test_all_clouds_are_followed_and_exported",
        "test_a_watcher_continues_if_upstream_or_a_service_fails",
        "test_suspicious_changes_are_held",
    ),
    "sources/page/test_html.py": ("test_time_is_linear_in_the_length[!<table> | < | <p hidden> | & | <i>a.com</i>]",),
    "sources/page/test_markdown.py": ("test_a_long_page_takes_limited_time[![[] | < | |]",),
    "sources/page/test_reader.py": (
        "test_a_hazard_of_translation_loses_at_most_one_token_in_a_hundred_and_invents_none[*-html]",
        "test_of_pages_made_by_code_at_most_one_token_in_a_hundred_is_lost_and_none_invented[!text]",
    ),
    # -- what holds for each target: one of each base class stays, and the ledger of goldens has the files of all
    "properties/test_injection.py": (
        f"test_free_text_of_the_catalog_never_becomes_syntax[{_OTHER_TARGETS}]",
        f"test_the_name_of_the_organization_never_becomes_syntax[{_OTHER_TARGETS}]",
        f"test_the_value_of_an_option_is_rejected_or_stays_a_value[{_OTHER_TARGETS}]",
    ),
    "properties/test_losses.py": (
        f"test_each_kind_of_flow_is_rendered_or_lost_alone_and_with_others[{_OTHER_TARGETS}]",
        f"test_a_flow_of_any_form_is_rendered_or_lost[{_OTHER_TARGETS}]",
    ),
    "targets/test_cases.py": (f"test_required_only_opens_nothing_more_than_the_whole[{_OTHER_TARGETS}]",),
    "targets/test_goldens.py": (
        f"test_a_header_is_complete_with_five_clouds_and_a_long_name[{_OTHER_TARGETS}]",
        "test_no_name_of_an_organization_becomes_syntax[!'\"' | '*/' | '</script><script>' | '=1+1' | '#' | ';']",
    ),
    "targets/test_prefixes.py": (f"test_two_prefixes_have_no_name_in_common[{_OTHER_TARGETS}]",),
    "targets/test_sides.py": (f"test_no_artifact_has_an_address_of_the_wrong_side[{_OTHER_TARGETS}]",),
    # -- real programs and models of devices: some of their cases stay
    "targets/test_aerleon.py": ("test_cisco_and_juniper_allow_the_packets_of_the_plan[all-scenarios]",),
    "targets/test_ansible_vars.py": (
        "test_ansible_runs_the_example_which_writes_the_lists[nothing-selected]",
        "test_the_variables_contain_the_whole_plan[everything-* | gcchigh | china]",
    ),
    "targets/test_lab.py": (
        "*[*legacy*]",
        "test_at_every_boundary_packets_pass_according_to_the_plan[everything-*]",
        "test_internal_connections_pass_according_to_the_plan[everything-*]",
    ),
    "targets/test_pac.py": (
        "test_every_name_of_a_cloud_and_names_near_it_go_the_published_way[worldwide-all | worldwide-optimize-allow]",
        "test_tenant_restrictions_keep_only_the_sign_in_names_on_the_proxy[worldwide-all | gcchigh-all | dod-all]",
        "test_windows_engine_which_only_supports_es3_gives_the_same_results[worldwide]",
    ),
    "targets/test_paloalto_edl.py": (
        "test_url_lists_match_the_hosts_of_their_group_and_no_other[all-scenarios-* | gcchigh-* | ipv6-off-*]",
    ),
    "targets/test_report.py": ("test_axe_finds_no_barrier[!320-dark | 1400-light]",),
    "targets/test_second_opinion.py": ("test_aerleon_allows_the_same_packets[*-everything-* | *-ipv6-off]",),
    "targets/test_since.py": (
        "test_from_any_plan_to_any_other[!cisco-asa | fortigate | mikrotik]",
        "test_the_old_file_and_the_changes_give_the_same_result_as_the_new_file[*everything-*]",
    ),
    "targets/test_write.py": ("test_a_failing_call_leaves_every_old_file[*-for-ever]",),
    "targets/_bases/test_iac.py": ("test_cfn_lint_finds_nothing_in_a_template[!all]",),
    "targets/_bases/test_objects.py": (
        "test_every_line_is_needed[60-*]",
        "test_the_device_allows_the_packets_of_the_plan[everything-* | ipv6-off-*]",
        "test_the_device_allows_the_packets_of_the_shared_cases[all-scenarios-* | gcchigh-* | ipv6-off-*]",
    ),
    "targets/_bases/test_pods.py": (
        "test_kubernetes_accepts_every_object_strictly[everything-* | all-scenarios | gcchigh | china]",
        "test_cilium_names_are_the_plans_up_to_a_loss[everything-* | all-scenarios-* | gcchigh-* | china-*]",
        "test_cilium_policies_allow_the_packets_of_the_plan[everything-* | all-scenarios | gcchigh | china]",
    ),
    "targets/_bases/test_restore.py": (
        "*[*legacy*]",
        "test_the_old_file_and_the_changes_give_the_same_result_as_the_new_file[*everything-*]",
        "test_changes_can_be_loaded_again_after_an_interruption[everything-*]",
    ),
    # -- the life of an artifact: the manual followed once stays, and with damaged commands for one variant of each family
    "life/test_aws_prefix_list.py": ("test_updates_are_applied_in_any_order",),
    "life/test_data.py": (
        "test_categories_are_replaced_list_by_list",
        "test_lists_and_index_are_those_of_the_present_plan",
        "test_the_report_is_that_of_the_present_plan",
    ),
    "life/test_fortigate.py": ("test_no_command_is_dispensable",),
    "life/test_juniper_srx.py": ("test_each_command_of_the_changes_is_missed",),
    "life/test_mikrotik.py": ("test_an_import_that_was_broken_off_is_completed_by_the_next",),
    "life/test_pac.py": ("test_chromium_follows_what_the_server_has",),
    "life/test_paloalto_set.py": ("test_nothing_changes_before_the_commit_and_a_second_run_ends_the_same",),
    "life/test_registry_pol.py": ("test_each_command_and_each_value_is_needed",),
    "life/test_unbound.py": (
        "test_lines_that_refuse_change_nothing_if_they_are_pasted",
        "test_the_names_of_the_example_pass_and_all_else_is_as_before",
    ),
    "torture/test_store_cases.py": ("test_a_sync_that_is_stopped_by_a_signal_leaves_the_old_state",),
    "life/test_aerleon.py": (
        "test_a_run_that_was_broken_off_can_be_repeated",
        "test_the_access_lists_are_those_of_the_last_files",
        "test_two_organizations_have_their_own_files",
    ),
    "life/test_ansible_vars.py": (
        "test_a_playbook_that_is_damaged_is_noticed",
        "test_lists_that_are_gone_are_removed_beside_another_organization",
        "test_the_example_writes_the_lists_of_the_plan",
    ),
    "life/test_azure.py": (
        "test_a_command_that_is_damaged_is_noticed[!install-*-azure-nsg | update-azure-cli-azure-udr]",
        "test_a_template_with_too_many_resources_is_refused_and_ours_are_divided",
        "test_after_each_operation_nothing_else_is_open_and_what_stays_is_not_closed[*first-* | terraform-reversed-*]",
        "test_the_administrators_objects_stay_and_ours_come_and_go[terraform-*first-* | terraform-reversed-*]",
        "test_updates_are_applied_in_any_order",
    ),
    "life/test_bind_rpz.py": (
        "test_a_secondary_follows_every_change_and_rollback",
        "test_each_line_is_needed",
        "test_faults_of_earlier_versions_show",
        "test_pasted_lines_refuse_an_older_serial_and_a_server_without_a_policy",
        "test_the_command_keeps_the_serial_in_the_output_folder",
        "test_the_names_of_the_example_pass_and_all_else_is_as_before",
    ),
    "life/test_boundaries.py": ("test_the_readers_of_firewalls_agree_with_the_sweep[contoso-*]",),
    "life/test_browser_policy.py": (
        "test_chromium_has_the_policies_of_the_plan_next_to_those_of_the_organization",
        "test_each_command_is_needed",
    ),
    "life/test_cisco.py": (
        "test_changes_that_are_interrupted_after_any_line_can_be_run_again[cisco-ios]",
        "test_each_command_is_needed",
    ),
    "life/test_compare.py": (
        "test_each_damage_of_an_artifact_is_found",
        "test_only_a_device_without_sides_permits_more_to_anyone[!fortigate | nftables | azure-nsg]",
        "test_two_vendors_decide_alike[!fortigate | cisco-ios | nftables | azure-nsg]",
    ),
    "life/test_dns_zone.py": (
        "test_after_each_line_the_zones_load_and_a_second_run_ends_the_same",
        "test_comments_before_the_serial_are_no_serial",
        "test_lines_that_refuse_change_nothing_if_they_are_pasted[!no-serial]",
    ),
    "life/test_elsewhere.py": (
        "test_lines_that_are_pasted_in_another_folder_change_nothing[!paloalto-edl | wireguard | pac | iptables]",
    ),
    "life/test_f5_datagroup.py": (
        "test_a_group_that_is_not_needed_any_more_closes",
        "test_a_script_that_stops_after_any_command_is_run_again",
    ),
    "life/test_feeds.py": (
        "test_a_full_disk_leaves_the_old_lists_and_the_next_run_completes[!paloalto-edl | srx-feed]",
        "test_a_list_that_is_not_needed_any_more_closes_and_comes_back",
        "test_a_plan_with_nothing_is_refused_and_the_lists_stay",
        "test_only_lists_that_were_closed_are_removed[!paloalto-edl | srx-feed]",
        "test_published_lists_are_what_the_plan_needs_and_tell_nothing_else[!paloalto-edl | srx-feed | checkpoint-gdc]",
        "test_two_organizations_and_other_files_stay_apart[!paloalto-edl | srx-feed]",
        "test_two_renders_before_one_is_published_close_what_both_left[!paloalto-edl | srx-feed]",
    ),
    "life/test_netfilter.py": (
        "*[*legacy*]",
        "test_a_file_of_sets_that_was_interrupted_after_any_line_is_loaded_again",
        "test_an_install_leaves_the_routers_own_rules_alone[iptables-nft]",
        "test_an_update_and_the_way_back_hold_after_each_command[!update-nftables | changes-ipset-nft]",
        "test_an_update_that_was_interrupted_is_run_again_from_the_start",
        "test_another_option_takes_the_place_of_the_earlier_one",
        "test_next_to_docker_and_the_sets_of_dnsmasq[!ipset-nft]",
        "test_no_command_can_be_left_out[remove-*]",
        "test_the_sweep_finds_a_rule_without_its_interface",
        "test_two_organizations_on_one_router[iptables-nft]",
    ),
    "life/test_openvpn.py": (
        "test_after_an_update_clients_have_the_routes_of_the_new_plan_only",
        "test_clients_leave_the_tunnel_for_microsoft_365_only",
        "test_openvpn_still_rejects_a_keyword_for_the_clients_ipv6_gateway",
    ),
    "life/test_pods.py": (
        "test_a_cluster_gets_the_plans_policies_once_and_loses_all_of_them",
        "test_a_command_that_is_damaged_is_noticed",
        "test_a_file_without_policies_has_the_commands_that_remove_all",
        "test_an_update_that_breaks_off_closes_nothing_that_both_plans_need",
        "test_the_update_of_the_earlier_manual_left_every_stale_policy",
        "test_two_organizations_and_both_targets_share_a_namespace",
    ),
    "life/test_routes.py": (
        "*[*frr*]",
        "test_a_large_plan_is_loaded_whole[bird]",
        "test_an_interrupted_update_withdraws_nothing_that_both_plans_have",
    ),
    "life/test_squid.py": (
        "test_a_removal_that_was_interrupted_is_finished_later",
        "test_after_each_line_what_both_versions_have_passes",
        "test_each_line_is_needed",
        "test_each_version_replaces_the_last_one",
        "test_lines_that_refuse_change_nothing_if_they_are_pasted",
    ),
    "life/test_terraform.py": (
        "test_terraform_reads_every_file_up_to_the_query_for_its_provider[!*-contoso | *-awkward]",
        "test_the_model_orders_operations_as_terraform_does",
    ),
    "life/test_tls_bypass.py": (
        "test_a_removal_that_was_interrupted_is_finished_later",
        "test_after_each_line_what_both_versions_have_passes",
        "test_each_line_is_needed",
        "test_lines_that_refuse_change_nothing_if_they_are_pasted",
        "test_the_names_of_the_example_pass_and_all_else_is_as_before",
    ),
    "life/test_trusted_sites_reg.py": (
        "test_a_plan_without_sites_changes_nothing_and_removes_earlier_values",
        "test_all_users_and_one_user_do_not_meet",
        "test_an_empty_key_of_a_host_hides_the_entry_of_its_domain",
        "test_an_update_leaves_no_value_of_the_earlier_plan",
        "test_another_form_removes_the_values_of_the_earlier_one",
        "test_each_command_of_a_removal_is_needed",
        "test_the_files_of_2_2_write_policies_by_default_and_remove_the_switch_and_values_of_the_user",
    ),
    "life/test_wireguard.py": (
        "test_after_an_update_exactly_the_new_plan_is_direct",
        "test_the_line_of_the_earlier_release_stops_everything",
    ),
}
"""File below tests/ -> functions, with all cases or with those in the brackets.

`[a | b*]` are the cases that match one of the patterns, `[!a | b*]` those that match none. `*` instead of a function is all.
"""

_ENTRY = re.compile(r"([\w*]+)(?:\[(!?)(.*)\])?", re.DOTALL)


def is_wide(file: str, name: str) -> str | None:
    """Return the entry of `WIDE` with a test, None if there is none. `name` is that of a test with its case."""
    function, _, case = name.partition("[")
    for entry in WIDE.get(file, ()):
        parts = _ENTRY.fullmatch(entry)
        assert parts, entry
        if fnmatchcase(function, parts[1]):
            matches = any(fnmatchcase(case.removesuffix("]"), pattern) for pattern in (parts[3] or "*").split(" | "))
            if matches is not bool(parts[2]):
                return entry
    return None


def sweep(values: Iterable[Any], kept: "Collection[Any] | Callable[[Any], object]") -> list[Any]:
    """Return parameters; those that are not kept have the marker `wide`. A tuple is the values of several arguments."""
    every = list(values)
    keeps = kept if callable(kept) else kept.__contains__
    found = [value if keeps(value) else _wide(value) for value in every]
    if not callable(kept):
        assert not set(kept).difference(every), "a kept value is not in the sweep"
    assert any(keeps(value) for value in every), "the sweep keeps nothing for `make test`"
    return found


def _wide(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.wide)
