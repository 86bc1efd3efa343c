"""Who gets which answer, written by hand. The tests read these tables; so should people.

200 here it is · 303 done, look here · 403 you may read this, but not do that
404 exactly what a reference that does not exist answers · 405 not by this method
409 the state has moved on, nothing was done
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.permissions.world import OF_INCIDENTS, OF_TEAMS, SIGNED_IN, SITUATIONS

READING_AND_WRITING_A_COE = """
                        owner contributor colleague reviewer manager director leader stranger admin

# Who can read it: the owner says so, also while it is approved, since it is no part of the text.
GET coe_readers
  draft                  200     403        403       403      403      403    404     404     404
  in_review              200     403        403       403      403      403    404     404     404
  changes_requested      200     403        403       403      403      403    404     404     404
  approved               200     403        403       403      403      403    404     404     404
  published              200     403        403       403      403      403    404     404     404
  correction             200     403        403       403      403      403    404     404     404
  restricted_draft       200     403        404       403      404      404    404     404     404
  restricted_in_review   200     403        404       403      403      404    404     404     404
  restricted_published   200     403        404       403      403      404    404     404     404
  restricted_correction  200     403        404       403      403      404    404     404     404

POST coe_readers
  draft                  303     403        403       403      403      403    404     404     404
  in_review              303     403        403       403      403      403    404     404     404
  changes_requested      303     403        403       403      403      403    404     404     404
  approved               303     403        403       403      403      403    404     404     404
  published              303     403        403       403      403      403    404     404     404
  correction             303     403        403       403      403      403    404     404     404
  restricted_draft       303     403        404       403      404      404    404     404     404
  restricted_in_review   303     403        404       403      403      404    404     404     404
  restricted_published   303     403        404       403      403      404    404     404     404
  restricted_correction  303     403        404       403      403      404    404     404     404

# The page that readers get: the publication, else the working copy to those who may see it.
GET coe_read, GET coe_pdf, GET coe_text, GET coe_table
  draft                  200     200        200       200      200      200    404     404     404
  in_review              200     200        200       200      200      200    404     404     404
  changes_requested      200     200        200       200      200      200    404     404     404
  approved               200     200        200       200      200      200    404     404     404
  published              200     200        200       200      200      200    200     200     200
  correction             200     200        200       200      200      200    200     200     200
  restricted_draft       200     200        404       200      404      404    404     404     404
  restricted_in_review   200     200        404       200      200      404    404     404     404
  restricted_published   200     200        404       200      200      404    404     404     404
  restricted_correction  200     200        404       200      200      404    404     404     404

# A published action item: whoever reads the publication reads what became of it. The colleague owns
# it, and of what is restricted they are no reader.
GET promise, GET promise_evidence
  draft                  404     404        404       404      404     404      404    404      404
  in_review              404     404        404       404      404     404      404    404      404
  changes_requested      404     404        404       404      404     404      404    404      404
  approved               404     404        404       404      404     404      404    404      404
  published              200     200        200       200      200     200      200    200      200
  correction             200     200        200       200      200     200      200    200      200
  restricted_draft       404     404        404       404      404     404      404    404      404
  restricted_in_review   404     404        404       404      404     404      404    404      404
  restricted_published   200     200        404       200      200     404      404    404      404
  restricted_correction  200     200        404       200      200     404      404    404      404

# What mends it elsewhere: whoever writes it links that, in any state, since it is no part of the text.
GET coe_elsewhere
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               200     200        403       403      403      403    404     404     404
  published              200     200        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   200     200        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

POST coe_elsewhere, POST coe_elsewhere_unlink
  draft                  303     303        403       403      403      403    404     404     404
  in_review              303     303        403       403      403      403    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               303     303        403       403      403      403    404     404     404
  published              303     303        403       403      403      403    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     303        404       403      404      404    404     404     404
  restricted_in_review   303     303        404       403      403      404    404     404     404
  restricted_published   303     303        404       403      403      404    404     404     404
  restricted_correction  303     303        404       403      403      404    404     404     404

# Its owner starts it, and asks.
POST promise_step, POST promise_wont_do, POST promise_take_back
  draft                  404     404        404       404      404     404      404    404      404
  in_review              404     404        404       404      404     404      404    404      404
  changes_requested      404     404        404       404      404     404      404    404      404
  approved               404     404        404       404      404     404      404    404      404
  published              403     403        303       403      403     403      403    403      403
  correction             403     403        303       403      403     403      403    403      403
  restricted_draft       404     404        404       404      404     404      404    404      404
  restricted_in_review   404     404        404       404      404     404      404    404      404
  restricted_published   403     403        404       403      403     404      404    404      404
  restricted_correction  403     403        404       403      403     404      404    404      404

# Its owner moves it, hands it over and sees to its ticket, and so does who approves the COE.
POST promise_due, POST promise_owner, POST promise_ticket, POST promise_open_ticket
  draft                  404     404        404       404      404     404      404    404      404
  in_review              404     404        404       404      404     404      404    404      404
  changes_requested      404     404        404       404      404     404      404    404      404
  approved               404     404        404       404      404     404      404    404      404
  published              403     403        303       403      303     403      403    403      403
  correction             403     403        303       403      303     403      403    403      403
  restricted_draft       404     404        404       404      404     404      404    404      404
  restricted_in_review   404     404        404       404      404     404      404    404      404
  restricted_published   403     403        404       403      303     404      404    404      404
  restricted_correction  403     403        404       403      303     404      404    404      404

# Who approves the COE decides what the owner asked.
POST promise_decide
  draft                  404     404        404       404      404     404      404    404      404
  in_review              404     404        404       404      404     404      404    404      404
  changes_requested      404     404        404       404      404     404      404    404      404
  approved               404     404        404       404      404     404      404    404      404
  published              403     403        403       403      303     403      403    403      403
  correction             403     403        403       403      303     403      403    403      403
  restricted_draft       404     404        404       404      404     404      404    404      404
  restricted_in_review   404     404        404       404      404     404      404    404      404
  restricted_published   403     403        404       403      303     404      404    404      404
  restricted_correction  403     403        404       403      303     404      404    404      404

# Who may read something of it may watch it, and stop.
POST coe_watch, POST coe_unwatch
  draft                  303     303        303       303      303      303    404     404     404
  in_review              303     303        303       303      303      303    404     404     404
  changes_requested      303     303        303       303      303      303    404     404     404
  approved               303     303        303       303      303      303    404     404     404
  published              303     303        303       303      303      303    303     303     303
  correction             303     303        303       303      303      303    303     303     303
  restricted_draft       303     303        404       303      404      404    404     404     404
  restricted_in_review   303     303        404       303      303      404    404     404     404
  restricted_published   303     303        404       303      303      404    404     404     404
  restricted_correction  303     303        404       303      303      404    404     404     404

# A version, and what it changed: whoever may read one version may read all. Drafts have none.
GET coe_version, GET coe_changes_of_version
  draft                  404     404         404       404      404     404    404     404     404
  in_review              404     404         404       404      404     404    404     404     404
  changes_requested      404     404         404       404      404     404    404     404     404
  approved               404     404         404       404      404     404    404     404     404
  published              200     200         200       200      200     200    200     200     200
  correction             200     200         200       200      200     200    200     200     200
  restricted_draft       404     404         404       404      404     404    404     404     404
  restricted_in_review   404     404         404       404      404     404    404     404     404
  restricted_published   200     200         404       200      200     404    404     404     404
  restricted_correction  200     200         404       200      200     404    404     404     404

# The working copy. (Submitting asked the manager to judge, so a restricted COE is open to them.)
GET coe_draft, GET coe_draft_pdf, GET coe_draft_text, GET coe_draft_table
GET coe_history, GET coe_compare, GET coe_what_changed
GET coe_review, GET coe_items, GET coe_item
  draft                  200     200        200       200      200      200    404     404     404
  in_review              200     200        200       200      200      200    404     404     404
  changes_requested      200     200        200       200      200      200    404     404     404
  approved               200     200        200       200      200      200    404     404     404
  published              200     200        200       200      200      200    404     404     404
  correction             200     200        200       200      200      200    404     404     404
  restricted_draft       200     200        404       200      404      404    404     404     404
  restricted_in_review   200     200        404       200      200      404    404     404     404
  restricted_published   200     200        404       200      200      404    404     404     404
  restricted_correction  200     200        404       200      200      404    404     404     404

# Ticking off what changed in it is everybody's own, whoever may read it.
POST coe_tick, POST coe_tick_all
  draft                  303     303        303       303      303      303    404     404     404
  in_review              303     303        303       303      303      303    404     404     404
  changes_requested      303     303        303       303      303      303    404     404     404
  approved               303     303        303       303      303      303    404     404     404
  published              303     303        303       303      303      303    404     404     404
  correction             303     303        303       303      303      303    404     404     404
  restricted_draft       303     303        404       303      404      404    404     404     404
  restricted_in_review   303     303        404       303      303      404    404     404     404
  restricted_published   303     303        404       303      303      404    404     404     404
  restricted_correction  303     303        404       303      303      404    404     404     404
# What is said about a working copy is seen as the working copy is.
GET coe_threads, GET coe_thread_new, GET coe_thread
  draft                  200     200        200       200      200      200    404     404     404
  in_review              200     200        200       200      200      200    404     404     404
  changes_requested      200     200        200       200      200      200    404     404     404
  approved               200     200        200       200      200      200    404     404     404
  published              200     200        200       200      200      200    404     404     404
  correction             200     200        200       200      200      200    404     404     404
  restricted_draft       200     200        404       200      404      404    404     404     404
  restricted_in_review   200     200        404       200      200      404    404     404     404
  restricted_published   200     200        404       200      200      404    404     404     404
  restricted_correction  200     200        404       200      200      404    404     404     404

# Whoever sees it says something. What was said about an approved COE stands.
POST coe_thread_open, POST coe_thread_reply
  draft                  303     303        303       303      303     303    404     404     404
  in_review              303     303        303       303      303     303    404     404     404
  changes_requested      303     303        303       303      303     303    404     404     404
  approved               409     409        409       409      409     409    404     404     404
  published              409     409        409       409      409     409    404     404     404
  correction             303     303        303       303      303     303    404     404     404
  restricted_draft       303     303        404       303      404     404    404     404     404
  restricted_in_review   303     303        404       303      303     404    404     404     404
  restricted_published   409     409        404       409      409     404    404     404     404
  restricted_correction  303     303        404       303      303     404    404     404     404

# The reviewer opened it: they settle it, and the owner, who says how.
POST coe_thread_resolve, POST coe_thread_reopen
  draft                  303     403        403       303      403     403    404     404     404
  in_review              303     403        403       303      403     403    404     404     404
  changes_requested      303     403        403       303      403     403    404     404     404
  approved               409     409        409       409      409     409    404     404     404
  published              409     409        409       409      409     409    404     404     404
  correction             303     403        403       303      403     403    404     404     404
  restricted_draft       303     403        404       303      404     404    404     404     404
  restricted_in_review   303     403        404       303      403     404    404     404     404
  restricted_published   409     409        404       409      409     404    404     404     404
  restricted_correction  303     403        404       303      403     404    404     404     404

# It is a suggestion: those who write the COE take it over.
POST coe_thread_take
  draft                  303     303        403       403      403     403    404     404     404
  in_review              303     303        403       403      403     403    404     404     404
  changes_requested      303     303        403       403      403     403    404     404     404
  approved               409     409        409       409      409     409    404     404     404
  published              409     409        409       409      409     409    404     404     404
  correction             303     303        403       403      403     403    404     404     404
  restricted_draft       303     303        404       403      404     404    404     404     404
  restricted_in_review   303     303        404       403      403     404    404     404     404
  restricted_published   409     409        404       409      409     404    404     404     404
  restricted_correction  303     303        404       403      403     404    404     404     404

# The workspace: only who writes opens it.
GET coe_edit, GET coe_rail, GET coe_trace, GET coe_composed, GET coe_findings
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               200     200        403       403      403      403    404     404     404
  published              200     200        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   200     200        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

# A look at what is being written: nothing is saved, so what is approved can be looked at as well.
POST coe_preview
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               200     200        403       403      403      403    404     404     404
  published              200     200        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   200     200        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

# A sign of life: who has the workspace open tells and is told, also where nothing can be written.
POST coe_here
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               200     200        403       403      403      403    404     404     404
  published              200     200        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   200     200        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

# How the workspace stands is the choice of who opens it, also where nothing can be written.
POST coe_choose_sections
  draft                  303     303        403       403      403      403    404     404     404
  in_review              303     303        403       403      403      403    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               303     303        403       403      403      403    404     404     404
  published              303     303        403       403      403      403    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     303        404       403      404      404    404     404     404
  restricted_in_review   303     303        404       403      403      404    404     404     404
  restricted_published   303     303        404       403      403      404    404     404     404
  restricted_correction  303     303        404       403      403      404    404     404     404

# Writing. What is approved stands until somebody reopens it.
POST coe_facts, POST coe_milestones, POST coe_section, POST coe_answers
POST row_add, POST row_write, POST row_move, POST row_remove
POST timeline_lines, POST timeline_place
POST cause_nest, POST cause_unnest, POST cause_kind, POST cause_answer
POST finding_dismiss, POST finding_reason, POST finding_take_back
POST coe_bring_back_change, POST coe_lay_out
  draft                  303     303        403       403      403      403    404     404     404
  in_review              303     303        403       403      403      403    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               409     409        403       403      403      403    404     404     404
  published              409     409        403       403      403      403    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     303        404       403      404      404    404     404     404
  restricted_in_review   303     303        404       403      403      404    404     404     404
  restricted_published   409     409        404       403      403      404    404     404     404
  restricted_correction  303     303        404       403      403      404    404     404     404

# A finding that is not there (any more): the first names none, the second none that mends itself.
GET finding_reason, POST finding_mend
  draft                  409     409        403       403      403      403    404     404     404
  in_review              409     409        403       403      403      403    404     404     404
  changes_requested      409     409        403       403      403      403    404     404     404
  approved               409     409        403       403      403      403    404     404     404
  published              409     409        403       403      403      403    404     404     404
  correction             409     409        403       403      403      403    404     404     404
  restricted_draft       409     409        404       403      404      404    404     404     404
  restricted_in_review   409     409        404       403      403      404    404     404     404
  restricted_published   409     409        404       403      403      404    404     404     404
  restricted_correction  409     409        404       403      403      404    404     404     404

# Looking through pasted lines saves nothing; there is no use in it where nothing can be added.
POST timeline_paste
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               409     409        403       403      403      403    404     404     404
  published              409     409        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   409     409        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

# The page that asks whether what was shall be there again; not where nothing can be written.
GET coe_bring_back_change
  draft                  200     200        403       403      403      403    404     404     404
  in_review              200     200        403       403      403      403    404     404     404
  changes_requested      200     200        403       403      403      403    404     404     404
  approved               409     409        403       403      403      403    404     404     404
  published              409     409        403       403      403      403    404     404     404
  correction             200     200        403       403      403      403    404     404     404
  restricted_draft       200     200        404       403      404      404    404     404     404
  restricted_in_review   200     200        404       403      403      404    404     404     404
  restricted_published   409     409        404       403      403      404    404     404     404
  restricted_correction  200     200        404       403      403      404    404     404     404

# Who writes submits.
POST coe_submit
  draft                  303     303        403       403      403      403    404     404     404
  in_review              409     409        409       409      409      409    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     303        404       403      404      404    404     404     404
  restricted_in_review   409     409        404       409      409      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  303     303        404       403      403      404    404     404     404

# Only the owner takes it back, and only from review: the button of an old page must not reopen
# what was approved in the meantime.
POST coe_withdraw
  draft                  409     409        409       409      409      409    404     404     404
  in_review              303     403        403       403      403      403    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   303     403        404       403      403      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# The nearest manager who is not the owner judges, nobody else: neither the director above them
# nor somebody who was only asked to review. (What else is in the way: tests/reviews.)
POST coe_approve, POST coe_changes
  draft                  409     409        409       409      409      409    404     404     404
  in_review              403     403        403       403      303      403    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   403     403        404       403      303      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# Who was asked signs. Neither who writes it nor who approves it: theirs is the approval.
POST coe_sign
  draft                  409     409        409       409      409      409    404     404     404
  in_review              403     403        403       303      403      403    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   403     403        404       303      403      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# The authors ask others, and let them go again. Being asked lets somebody read it, so of a
# restricted one the owner alone asks.
POST coe_ask_reviewer, POST coe_let_reviewer_go
  draft                  303     303        403       403      403      403    404     404     404
  in_review              303     303        403       403      403      403    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               409     409        403       403      403      403    404     404     404
  published              409     409        403       403      403      403    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     403        404       403      404      404    404     404     404
  restricted_in_review   303     403        404       403      403      404    404     404     404
  restricted_published   409     403        404       403      403      404    404     404     404
  restricted_correction  303     403        404       403      403      404    404     404     404

# Who approves it need not wait for somebody who has to sign.
POST coe_excuse_reviewer
  draft                  409     409        409       409      409      409    404     404     404
  in_review              403     403        403       403      303      403    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   403     403        404       403      303      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# Who judges decides each action item, and takes a decision back (there is none yet, so that
# changes nothing).
POST coe_item_accept, POST coe_item_change, POST coe_item_reject, POST coe_item_withdraw
POST coe_items_accept
  draft                  409     409        409       409      409      409    404     404     404
  in_review              403     403        403       403      303      403    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               409     409        409       409      409      409    404     404     404
  published              409     409        409       409      409      409    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   403     403        404       403      303      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# Only the owner reopens, and only what is approved.
POST coe_reopen
  draft                  409     409        409       409      409      409    404     404     404
  in_review              409     409        409       409      409      409    404     404     404
  changes_requested      409     409        409       409      409      409    404     404     404
  approved               303     403        403       403      403      403    404     404     404
  published              303     403        403       403      403      403    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   409     409        404       409      409      404    404     404     404
  restricted_published   303     403        404       403      403      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404

# The owner or the approver publishes what is approved, once.
POST coe_publish
  draft                  409     403        403       403      409      403    404     404     404
  in_review              409     403        403       403      409      403    404     404     404
  changes_requested      409     403        403       403      409      403    404     404     404
  approved               303     403        403       403      303      403    404     404     404
  published              409     403        403       403      409      403    404     404     404
  correction             409     403        403       403      409      403    404     404     404
  restricted_draft       409     403        404       403      404      404    404     404     404
  restricted_in_review   409     403        404       403      409      404    404     404     404
  restricted_published   409     403        404       403      409      404    404     404     404
  restricted_correction  409     403        404       403      409      404    404     404     404

# Only the owner says who contributes, and hands it over. Contributors and the owner stand in the
# text, so what is approved keeps them until somebody reopens it.
POST coe_add_contributor, POST coe_remove_contributor, POST coe_hand_over
  draft                  303     403        403       403      403      403    404     404     404
  in_review              303     403        403       403      403      403    404     404     404
  changes_requested      303     403        403       403      403      403    404     404     404
  approved               409     403        403       403      403      403    404     404     404
  published              409     403        403       403      403      403    404     404     404
  correction             303     403        403       403      403      403    404     404     404
  restricted_draft       303     403        404       403      404      404    404     404     404
  restricted_in_review   303     403        404       403      403      404    404     404     404
  restricted_published   409     403        404       403      403      404    404     404     404
  restricted_correction  303     403        404       403      403      404    404     404     404

# The pages that ask the owner whether they are sure, and say so where it cannot be done.
GET coe_hand_over, GET coe_discard
  draft                  200     403        403       403      403      403    404     404     404
  in_review              200     403        403       403      403      403    404     404     404
  changes_requested      200     403        403       403      403      403    404     404     404
  approved               200     403        403       403      403      403    404     404     404
  published              200     403        403       403      403      403    404     404     404
  correction             200     403        403       403      403      403    404     404     404
  restricted_draft       200     403        404       403      404      404    404     404     404
  restricted_in_review   200     403        404       403      403      404    404     404     404
  restricted_published   200     403        404       403      403      404    404     404     404
  restricted_correction  200     403        404       403      403      404    404     404     404

# Only what nobody was ever asked to review is discarded.
POST coe_discard
  draft                  303     403        403       403      403      403    404     404     404
  in_review              409     403        403       403      403      403    404     404     404
  changes_requested      409     403        403       403      403      403    404     404     404
  approved               409     403        403       403      403      403    404     404     404
  published              409     403        403       403      403      403    404     404     404
  correction             409     403        403       403      403      403    404     404     404
  restricted_draft       303     403        404       403      404      404    404     404     404
  restricted_in_review   409     403        404       403      403      404    404     404     404
  restricted_published   409     403        404       403      403      404    404     404     404
  restricted_correction  409     403        404       403      403      404    404     404     404

# Bringing back what is there changes nothing. (What is discarded: test_discarded.py.)
POST coe_bring_back
  draft                  303     403        403       403      403      403    404     404     404
  in_review              303     403        403       403      403      403    404     404     404
  changes_requested      303     403        403       403      403      403    404     404     404
  approved               303     403        403       403      403      403    404     404     404
  published              303     403        403       403      403      403    404     404     404
  correction             303     403        403       403      403      403    404     404     404
  restricted_draft       303     403        404       403      404      404    404     404     404
  restricted_in_review   303     403        404       403      403      404    404     404     404
  restricted_published   303     403        404       403      403      404    404     404     404
  restricted_correction  303     403        404       403      403      404    404     404     404

# Who writes grows it. These are full ones already: growing them again changes nothing.
POST coe_grow
  draft                  303     303        403       403      403      403    404     404     404
  in_review              303     303        403       403      403      403    404     404     404
  changes_requested      303     303        403       403      403      403    404     404     404
  approved               303     303        403       403      403      403    404     404     404
  published              303     303        403       403      403      403    404     404     404
  correction             303     303        403       403      403      403    404     404     404
  restricted_draft       303     303        404       403      404      404    404     404     404
  restricted_in_review   303     303        404       403      403      404    404     404     404
  restricted_published   303     303        404       403      403      404    404     404     404
  restricted_correction  303     303        404       403      403      404    404     404     404

# A meeting is followed by whoever may read the working copy.
GET coe_meeting, GET coe_meeting_handout, GET coe_meeting_record
  draft                  200     200        200       200      200      200    404     404     404
  in_review              200     200        200       200      200      200    404     404     404
  changes_requested      200     200        200       200      200      200    404     404     404
  approved               200     200        200       200      200      200    404     404     404
  published              200     200        200       200      200      200    404     404     404
  correction             200     200        200       200      200      200    404     404     404
  restricted_draft       200     200        404       200      404      404    404     404     404
  restricted_in_review   200     200        404       200      200      404    404     404     404
  restricted_published   200     200        404       200      200      404    404     404     404
  restricted_correction  200     200        404       200      200      404    404     404     404

# It is held by the authors and those who judge. (One is going on in each of these COEs.)
POST coe_meeting_longer, POST coe_meeting_walk, POST coe_meeting_decide, POST coe_meeting_undo
POST coe_meeting_end
  draft                  303     303        403       303      303      403    404     404     404
  in_review              303     303        403       303      303      403    404     404     404
  changes_requested      303     303        403       303      303      403    404     404     404
  approved               303     303        403       303      303      403    404     404     404
  published              303     303        403       303      303      403    404     404     404
  correction             303     303        403       303      303      403    404     404     404
  restricted_draft       303     303        404       303      404      404    404     404     404
  restricted_in_review   303     303        404       303      303      404    404     404     404
  restricted_published   303     303        404       303      303      404    404     404     404
  restricted_correction  303     303        404       303      303      404    404     404     404

# So no other is started.
POST coe_meeting_start
  draft                  409     409        403       409      409      403    404     404     404
  in_review              409     409        403       409      409      403    404     404     404
  changes_requested      409     409        403       409      409      403    404     404     404
  approved               409     409        403       409      409      403    404     404     404
  published              409     409        403       409      409      403    404     404     404
  correction             409     409        403       409      409      403    404     404     404
  restricted_draft       409     409        404       409      404      404    404     404     404
  restricted_in_review   409     409        404       409      409      404    404     404     404
  restricted_published   409     409        404       409      409      404    404     404     404
  restricted_correction  409     409        404       409      409      404    404     404     404
# Taking from readers what they have: the owner, whoever approves it, a leader.
GET coe_retract
  draft                  409     403        403       403      409      403    404     404     404
  in_review              409     403        403       403      409      403    404     404     404
  changes_requested      409     403        403       403      409      403    404     404     404
  approved               409     403        403       403      409      403    404     404     404
  published              200     403        403       403      200      403    200     403     403
  correction             200     403        403       403      200      403    200     403     403
  restricted_draft       409     403        404       403      404      404    404     404     404
  restricted_in_review   409     403        404       403      409      404    404     404     404
  restricted_published   200     403        404       403      200      404    404     404     404
  restricted_correction  200     403        404       403      200      404    404     404     404
POST coe_retract
  draft                  409     403        403       403      409      403    404     404     404
  in_review              409     403        403       403      409      403    404     404     404
  changes_requested      409     403        403       403      409      403    404     404     404
  approved               409     403        403       403      409      403    404     404     404
  published              303     403        403       403      303      403    303     403     403
  correction             303     403        403       403      303      403    303     403     403
  restricted_draft       409     403        404       403      404      404    404     404     404
  restricted_in_review   409     403        404       403      409      404    404     404     404
  restricted_published   303     403        404       403      303      404    404     404     404
  restricted_correction  303     403        404       403      303      404    404     404     404
"""

# The forms on the page of the working copy are those that would be accepted, and no others.
BUTTONS = """
draft                   owner: submit · contributor: submit
in_review               owner: withdraw · reviewer: review/sign · manager: approve, request-changes
changes_requested       owner: submit · contributor: submit
approved                owner: publish, reopen · manager: publish
published               owner: reopen
correction              owner: submit · contributor: submit
restricted_draft        owner: submit · contributor: submit
restricted_in_review    owner: withdraw · reviewer: review/sign · manager: approve, request-changes
restricted_published    owner: reopen
restricted_correction   owner: submit · contributor: submit
"""

# The same for the review room. (Nobody here has to sign, so nobody is excused.)
ROOM_BUTTONS = """
draft                   owner: ask, let-go · contributor: ask, let-go
in_review               owner: ask, let-go · contributor: ask, let-go
changes_requested       owner: ask, let-go · contributor: ask, let-go
approved
published
correction              owner: ask, let-go · contributor: ask, let-go
restricted_draft        owner: ask, let-go
restricted_in_review    owner: ask, let-go
restricted_published
restricted_correction   owner: ask, let-go
"""

INCIDENTS_AND_TEAMS = """
                        owner contributor colleague reviewer manager director leader stranger admin

# An incident of the team of the owner, which the reviewer registered: it is theirs to see as well,
# until there is a COE about it, which is seen as a COE is.
GET incident
  without                200     404        200       200      200      200    200     404     404
  set_aside              200     404        200       200      200      200    200     404     404
  written                302     404        302       404      302      302    404     404     404

# Who registered it says otherwise what happened, and so does who decides whether it needs a COE.
GET incident_edit
  without                403     404        403       200      200      200    200     404     404
  set_aside              403     404        403       200      200      200    200     404     404
  written                302     404        302       404      302      302    404     404     404

POST incident_change
  without                403     404        403       303      303      303    303     404     404
  set_aside              403     404        403       303      303      303    303     404     404
  written                403     404        403       404      409      409    404     404     404

# Whether it needs a COE is for who manages its team or one above, and for leaders.
POST incident_set_aside
  without                403     404        403       403      303      303    303     404     404
  set_aside              403     404        403       403      409      409    409     404     404
  written                403     404        403       404      409      409    404     404     404

POST incident_take_up
  without                403     404        403       403      409      409    409     404     404
  set_aside              403     404        403       403      303      303    303     404     404
  written                403     404        403       404      409      409    404     404     404

# How a team stands: for its people, for who manages it or a team above, and for leaders.
GET team_clock, GET team_standing
  storage                200     404        200       404      200      200    200     404     404
  payments               404     200        404       200      404      200    200     200     404
  company                404     404        404       404      404      200    200     404     404

# What is sent about many items of it, here about none: whether one may is asked item by item.
POST team_accept, POST team_change
  storage                422     404        422       404      422      422    422     404     404
  payments               404     422        404       422      404      422    422     422     404
  company                404     404        404       404      404      422    422     404     404
"""

# Pages of no COE. Everybody who is signed in gets the same, except on the administrators' pages:
# the second answer is the administrator's.
OTHER_PAGES = """
home                      GET 200
elsewhere                 GET 200
team_list                 GET 200
help                      GET 200
example                   GET 200
checks                    GET 200
glossary                  GET 200
markdown_help             GET 200
action_list               GET 200
action_table              GET 200
action_import             GET 200  POST 200
action_import_apply       POST 409
action_import_done        GET 200
action_views              GET 200  POST 303
action_view               POST 404
action_view_remove        POST 404
notices_seen              POST 303
notice_settings           GET 200  POST 303
watch_more                POST 303
watch_less                POST 303
calendar                  GET 200
calendar_make             POST 303
calendar_revoke           POST 303
calendar_feed             GET 404
coe_list                  GET 200
coe_new                   GET 200  POST 303
incident_list             GET 200
incident_new              GET 200  POST 303
clock                     GET 200
healthz                   GET 200
sign_in                   GET 302  POST 302
sign_out                  POST 303
accept_invitation         GET 410  POST 410
password_change           GET 200  POST 422
password_reset            GET 200  POST 303
password_reset_sent       GET 200
password_reset_complete   GET 200
password_reset_confirm    GET 410  POST 410
administration            GET 403/302
people                    GET 403/200
invite                    GET 403/200  POST 403/303
person                    GET 403/200  POST 403/303
renew_invitation          POST 403/303
deactivate_person         GET 403/200  POST 403/303
reactivate_person         POST 403/409
teams                     GET 403/200
add_team                  GET 403/200  POST 403/303
team                      GET 403/200  POST 403/303
team_calendar             GET 403/200  POST 403/303
services                  GET 403/200
add_service               GET 403/200  POST 403/303
service                   GET 403/200  POST 403/303
redact                    GET 403/200  POST 403/303
jobs                      GET 403/200
try_job_again             POST 403/303
try_jobs_again            POST 403/303
try_jobs_now              POST 403/303
team_chat                 GET 403/200  POST 403/303
webhooks                  GET 403/200
add_webhook               GET 403/200  POST 403/303
webhook                   GET 403/200
edit_webhook              GET 403/200  POST 403/303
renew_webhook_secret      POST 403/303
pause_webhook             POST 403/303
resume_webhook            POST 403/303
try_webhook               POST 403/303
send_again                POST 403/303
send_all_again            POST 403/303
remove_webhook            POST 403/303
trackers                  GET 403/200
add_tracker               GET 403/200  POST 403/303
tracker                   GET 403/200
edit_tracker              GET 403/200  POST 403/303
try_tracker               POST 403/303
remove_tracker            POST 403/303
audit                     GET 403/200
audit_csv                 GET 403/200
guide                     GET 403/200
begin_guide               POST 403/303
guide_version             GET 403/200
guide_changes             GET 403/200
preview_guide             GET 403/200
drop_guide                POST 403/303
publish_guide             GET 403/200  POST 403/303
add_question              GET 403/200  POST 403/303
guide_question            GET 403/200  POST 403/303
move_question             POST 403/303
remove_question           POST 403/303
guide_ruling              GET 403/200  POST 403/303
guide_reviewers           GET 403/200  POST 403/303
"""

# What somebody gets who is not signed in, or no longer may be. Everything else leads to sign-in.
OPEN_PAGES = """
healthz                   GET 200
sign_in                   GET 200  POST 422
sign_out                  POST 303
calendar_feed             GET 404
accept_invitation         GET 410  POST 410
password_reset            GET 200  POST 303
password_reset_sent       GET 200
password_reset_complete   GET 200
password_reset_confirm    GET 410  POST 410
"""


@dataclass(frozen=True)
class Row:
    """The answers to one request about a COE in one situation, by person."""

    method: str
    route: str
    situation: str
    answers: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.situation}"


def coe_rows() -> list[Row]:
    """The rows of READING_AND_WRITING_A_COE, one for each method, route and situation.

    By situation, so that each request comes early.
    """
    rows = _rows(READING_AND_WRITING_A_COE)
    return sorted(rows, key=lambda row: SITUATIONS.index(row.situation))


def incident_and_team_rows() -> list[Row]:
    """The rows of INCIDENTS_AND_TEAMS, likewise."""
    return list(_rows(INCIDENTS_AND_TEAMS))


def _rows(table: str) -> Iterator[Row]:
    requests: list[list[str]] = []
    is_heading = False
    for line in table.splitlines():
        words = line.split()
        if not words or words[0] == "#" or words == list(SIGNED_IN):
            continue
        if words[0] in ("GET", "POST"):
            requests = requests if is_heading else []
            requests += [each.split() for each in line.split(",")]
            is_heading = True
            continue
        is_heading = False
        situation, *answers = words
        assert situation in (*SITUATIONS, *OF_INCIDENTS, *OF_TEAMS), situation
        by_person = dict(zip(SIGNED_IN, map(int, answers), strict=True))
        for method, route in requests:
            yield Row(method, route, situation, by_person)


def buttons(table: str = BUTTONS) -> dict[str, dict[str, set[str]]]:
    """What BUTTONS says, or another table like it: the actions by situation and person."""
    found: dict[str, dict[str, set[str]]] = {}
    for line in filter(None, table.splitlines()):
        situation, _, rest = line.partition(" ")
        pairs = [each.split(":") for each in rest.split("·") if each.strip()]
        found[situation] = {
            who.strip(): {each.strip() for each in what.split(",")} for who, what in pairs
        }
    return found


def page_answers(table: str) -> dict[tuple[str, str], tuple[int, int]]:
    """By method and route, the answer to people and the answer to an administrator."""
    found = {}
    for line in filter(None, table.splitlines()):
        route, *words = line.split()
        for method, answer in zip(words[::2], words[1::2], strict=True):
            first, _, second = answer.partition("/")
            found[method, route] = (int(first), int(second or first))
    return found


def known_routes() -> set[str]:
    rows = [*coe_rows(), *incident_and_team_rows()]
    return {row.route for row in rows} | {route for _, route in page_answers(OTHER_PAGES)}
