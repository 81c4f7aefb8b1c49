-- Does in a policy what its owner would, with Neovim's own client, and writes what came of it as JSON.
local done = {}
local deadline = 20000

local function wait_for(what, holds)
  if not vim.wait(deadline, holds, 20) then error('never: ' .. what) end
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

local function go_to(word)
  vim.fn.cursor(1, 1)
  if vim.fn.search(word, 'cW') == 0 then error('not in the text: ' .. word) end
end

-- What a window that floats over the text shows.
local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local buffer = vim.api.nvim_win_get_buf(window)
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n'), window
    end
  end
end

local function drive()
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.VMC_POLICY))
  done.filetype = vim.bo.filetype
  wait_for('a diagnostic', function() return #vim.diagnostic.get(0) > 0 end)
  local found = vim.diagnostic.get(0)[1]
  done.diagnostic = { line = found.lnum, message = found.message, code = found.code or found.user_data.lsp.code }

  -- The quick fix: the menu's first entry.
  vim.ui.select = function(items, _, choose) choose(items[1], 1) end
  go_to('offce')
  local before = text()
  vim.lsp.buf.code_action()
  wait_for('a fix', function() return text() ~= before end)
  done.fixed = text()
  wait_for('no diagnostic', function() return #vim.diagnostic.get(0) == 0 end)

  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = deadline })
  else
    vim.lsp.buf.formatting_sync(nil, deadline)
  end
  done.formatted = text()

  go_to('run batch')
  wait_for('what it compiles to', function()
    vim.lsp.buf.hover()
    vim.wait(1000, floating, 20)
    local shown, window = floating()
    if not shown then return false end
    vim.api.nvim_win_close(window, true)
    done.hover = shown
    return shown:find('Compiles to')
  end)

  go_to('office and')
  vim.lsp.buf.definition()
  wait_for('the declaration', function() return vim.api.nvim_get_current_line():find('^let office') end)
  done.definition = vim.api.nvim_get_current_line()

  before = text()
  vim.lsp.buf.rename('working-hours')
  wait_for('another name', function() return text() ~= before end)
  done.renamed = text()

  -- Completion as <C-x><C-o> asks for it.
  vim.fn.append('$', 'pause ba')
  vim.fn.cursor(vim.fn.line('$'), 9)
  local params = vim.lsp.util.make_position_params()
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/completion', params, deadline)
  done.completion = {}
  for _, answer in pairs(answers) do
    for _, item in ipairs(answer.result.items or answer.result) do table.insert(done.completion, item.label) end
  end
end

local ok, problem = xpcall(drive, debug.traceback)
if not ok then done.problem = tostring(problem) end
vim.fn.writefile({ vim.json.encode(done) }, vim.env.VMC_OUTCOME)
vim.cmd('qall!')
